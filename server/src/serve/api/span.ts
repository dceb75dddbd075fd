/** Which stretch of time a client asks for: RFC 3339 times, or a window up to now. Every message quotes nothing. */
import * as z from 'zod'
import type { Span } from '../../ports.ts'
import { ProblemError } from '../problem.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Longest stretch: a little more than the thirteen months that history is kept by default. */
const MAX_SPAN_DAYS = 400
/** The stretch of who names none. */
const DEFAULT_SPAN_MS = DAY_MS
/** Finest step of latencies, as history keeps them. */
const MIN_STEP_MS = 5 * MINUTE_MS
const MAX_STEPS = 2_000
/** Steps to choose from where none is asked for, and how many are enough for a chart. */
const STEPS_MS = [5, 15, 60, 360, 1_440].map((minutes) => minutes * MINUTE_MS)
const ENOUGH_STEPS = 300
const UNITS_MS: Record<string, number> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS }

/** A moment, epoch ms. */
export function timeParam(description: string) {
  const expected = 'expected a time such as 2026-11-23T12:00:00Z'
  return z.iso
    .datetime({ offset: true, error: expected })
    .transform((text) => Date.parse(text))
    .refine((at) => at >= 0, `${expected}, from 1970 on`)
    .optional()
    .meta({ description })
}

function durationParam(description: string, example: string) {
  const expected = `expected a duration such as ${example}`
  return z
    .string(expected)
    .regex(/^[1-9]\d{0,5}[mhd]$/, expected)
    .transform((text) => Number(text.slice(0, -1)) * (UNITS_MS[text.slice(-1)] ?? 0))
    .optional()
    .meta({ description })
}

/** Parameters that name a stretch of time. */
export const spanParams = {
  from: timeParam('Begin, RFC 3339; a day before `to` unless given'),
  to: timeParam('End, exclusive; now unless given'),
}

/** Parameters of what is summed up in steps. */
export const stepParams = {
  ...spanParams,
  window: durationParam('How long before `to`, in place of `from`, such as `24h`', '24h'),
  step: durationParam('Length of a step, whole minutes from `5m` on; chosen unless given', '5m'),
}

type Asked = { from?: number | undefined; to?: number | undefined; window?: number | undefined }

/** The stretch that is asked for; what lies ahead of `now` is cut off. @throws {ProblemError} 400 where there is none */
export function spanOf({ from, to = Number.POSITIVE_INFINITY, window }: Asked, now: number): Span {
  if (from !== undefined && window !== undefined) throw bad('window', 'expected no from beside it')
  const end = Math.min(to, now)
  const begin = from ?? Math.max(0, end - (window ?? DEFAULT_SPAN_MS))
  if (from !== undefined && from >= now) throw bad('from', 'expected a time before now')
  if (begin >= end) throw bad(from === undefined ? 'window' : 'from', 'expected a time before to')
  if (end - begin > MAX_SPAN_DAYS * DAY_MS)
    throw bad(from === undefined ? 'window' : 'from', `expected at most ${MAX_SPAN_DAYS} days`)
  return { from: begin, to: end }
}

/** The stretch with its steps; it begins where a step does. @throws {ProblemError} 400 where they are too fine or too many */
export function stepsOf(
  asked: Asked & { step?: number | undefined },
  now: number,
): Span & { stepMs: number } {
  const { from, to } = spanOf(asked, now)
  const stepMs = asked.step ?? defaultStep(to - from)
  if (stepMs < MIN_STEP_MS) throw bad('step', 'expected at least 5m')
  if ((to - from) / stepMs > MAX_STEPS)
    throw bad('step', `expected at most ${MAX_STEPS} steps; ask for longer ones`)
  return { from: Math.floor(from / stepMs) * stepMs, to, stepMs }
}

function defaultStep(length: number): number {
  const coarsest = STEPS_MS.at(-1) ?? DAY_MS
  return STEPS_MS.find((step) => length / step <= ENOUGH_STEPS) ?? coarsest
}

function bad(parameter: string, expected: string): ProblemError {
  return new ProblemError('invalid_request', `query ${parameter}: ${expected}`)
}
