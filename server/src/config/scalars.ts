/**
 * The single values of a configuration file. The message of every check says what was expected, so that an error can
 * say `expected <message>, got <what was found>`.
 */
import * as z from 'zod'
import { Secret } from '../lib/secret.ts'

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
/** How a duration is written. */
export const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/

/** Milliseconds of `"30s"`, `"1h30m"` or `"300ms"`; undefined when it is no duration. */
export function durationMs(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    total += Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]
  return Math.round(total)
}

/** A duration as a file would say it, in the largest unit that is whole. */
export function durationText(ms: number): string {
  const [unit, size] = Object.entries(UNIT_MS).findLast(([, size]) => ms % size === 0) ?? ['ms', 1]
  return ms === 0 ? '0s' : `${ms / size}${unit}`
}

const A_DURATION = 'a duration such as "30s" or "5m"'

/** `"30s"` in the file, 30000 in the program; `min` and `max` are durations too. */
export function durationFrom(min: string, max: string) {
  const [least = 0, most = 0] = [durationMs(min), durationMs(max)]
  return z
    .string(A_DURATION)
    .regex(DURATION, A_DURATION)
    .transform((text) => durationMs(text) ?? 0)
    .refine((ms) => ms >= least && ms <= most, `a duration from ${min} to ${max}`)
}

/** How a size is written. */
export const SIZE = /^\d{1,9} ?(?:B|KiB|MiB|GiB)$/
const A_SIZE = 'a size such as "64 KiB" or "1 MiB"'
const UNIT_BYTES = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const

/** Bytes of `"256 KiB"`, which is a size. */
export function bytesOf(text: string): number {
  const [, amount, unit] = /^(\d+) ?(\w+)$/.exec(text) ?? []
  return Number(amount) * UNIT_BYTES[unit as keyof typeof UNIT_BYTES]
}

/** A size as a file would say it, in the largest unit that is whole. */
export function bytesText(bytes: number): string {
  const [unit, size] = Object.entries(UNIT_BYTES).findLast(([, size]) => bytes % size === 0) ?? []
  return `${bytes / (size ?? 1)} ${unit ?? 'B'}`
}

/** `"256 KiB"` in the file, 262144 in the program; `min` and `max` are sizes too. */
export function bytesFrom(min: string, max: string) {
  return z
    .string(A_SIZE)
    .regex(SIZE, A_SIZE)
    .transform(bytesOf)
    .refine(
      (bytes) => bytes >= bytesOf(min) && bytes <= bytesOf(max),
      `a size from ${min} to ${max}`,
    )
}

/** Text that must never be shown. */
export const SecretText = z.string().transform((text) => new Secret(text))

/** A whole number, also as text, since a substituted `${PORT}` is text. */
export function whole(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}`
  const number = z.int(error).min(min, error).max(max, error)
  const text = z.string().regex(/^\d{1,15}$/, error)
  return z.union([number, text.transform(Number).pipe(number)], { error })
}

/** A number, also as text. */
export function numberFrom(min: number, max: number) {
  const error = `a number from ${min} to ${max}`
  const number = z.number(error).min(min, error).max(max, error)
  const text = z.string().regex(/^\d{1,15}(?:\.\d{1,15})?$/, error)
  return z.union([number, text.transform(Number).pipe(number)], { error })
}

/** True or false, also as text, since a substituted `${ENABLED}` is text. */
export const Switch = z.union([z.boolean(), z.enum(['true', 'false']).transform(isTrue)], {
  error: 'true or false',
})

function isTrue(text: string): boolean {
  return text === 'true'
}

/** One or many: a single text or number may stand where a list is meant. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.union([item.transform((one) => [one]), z.array(item).max(1_000)])
}
