/** Announced maintenance as clients send it and see it. */
import { Window } from '@payer-status/protocol'
import * as z from 'zod'
import type { Plan } from '../../config/config.ts'
import { expectation, expectedIn } from '../../config/issues.ts'
import { Maintenance, PlanKind } from '../../config/maintenance-schema.ts'
import { DAY_MS, MINUTE_MS } from '../../lib/local-time.ts'
import type { Recurrence } from '../../lib/recurrence.ts'
import { ProblemError } from '../problem.ts'

const { shape } = Maintenance
/** Most types of one announcement: each is kept, and told to everybody. */
const MAX_TYPES = 100

/** What is announced: the keys of a file's `maintenance`, in camelCase, and whose it is. */
export const PlanBody = z.strictObject({
  payer: z
    .string()
    .min(1)
    .max(200)
    .meta({ description: 'Id, name, alias or identifier of the payer' }),
  types: shape.types.refine(({ length }) => length <= MAX_TYPES, `at most ${MAX_TYPES} entries`),
  via: shape.via,
  kind: shape.kind,
  starts: shape.starts,
  ends: shape.ends,
  rrule: shape.rrule,
  startLocal: shape.start_local,
  duration: shape.duration,
  endLocal: shape.end_local,
  exdates: shape.exdates,
  timeZone: shape.time_zone,
  announcedAt: shape.announced_at,
  sourceUrl: shape.source_url,
})

/** Checks a body as a file is checked, and says what was expected in the same words, without what came. */
export function planBodyCompiler() {
  return (body: unknown) => {
    const { data, error } = PlanBody.safeParse(body, { error: expectation })
    if (error === undefined) return { value: data }
    const issues = expectedIn(error.issues, body).map(
      ({ path, message }) => `${placeOf(path)}: ${message}`,
    )
    return { error: new ProblemError('invalid_request', issues[0] ?? 'body', { issues }) }
  }
}

function placeOf(path: readonly (string | number)[]): string {
  const [key, index] = path
  if (key === undefined) return 'body'
  return typeof index === 'number' ? `body ${key}[${index}]` : `body ${key}`
}

const OfRules = 'null of one that comes once'
const Moment = z.iso.datetime()

/** What is announced, as clients see it. */
export const MaintenancePlan = z.strictObject({
  id: Window.shape.plan,
  rev: z.int().nonnegative(),
  origin: z.enum(['file', 'api']).meta({ description: 'Only what came by the API ends there' }),
  payer: z.string(),
  types: Window.shape.types,
  via: Window.shape.via,
  kind: PlanKind,
  startsAt: Moment.nullable().meta({ description: 'Of one that comes once' }),
  endsAt: Moment.nullable().meta({ description: 'Of one that comes once' }),
  rrule: z
    .string()
    .nullable()
    .meta({ description: `On which days it begins; ${OfRules}` }),
  startLocal: z
    .string()
    .nullable()
    .meta({ description: `When on those days; ${OfRules}` }),
  durationMs: z.number().nullable().meta({ description: 'How long, or null' }),
  endLocal: z.string().nullable().meta({ description: 'When it ends on the clock, or null' }),
  exdates: z.array(z.string()).meta({ description: 'Days on which it does not begin' }),
  timeZone: z.string(),
  announcedAt: Moment.nullable(),
  sourceUrl: z.string().nullable(),
})
export type MaintenancePlan = z.infer<typeof MaintenancePlan>

/** The plan as clients see it. */
export function toWirePlan(plan: Plan, rev: number): MaintenancePlan {
  const { id, origin, payer, types, via, kind, times, timeZone, announcedAt, sourceUrl } = plan
  return {
    id,
    rev,
    origin,
    payer,
    types: [...types],
    via,
    kind,
    ...('endsAt' in times ? { ...ofNoRule, ...onceOf(times) } : { ...ofNoTime, ...ruleOf(times) }),
    timeZone,
    announcedAt: announcedAt === null ? null : iso(announcedAt),
    sourceUrl,
  }
}

const ofNoTime = { startsAt: null, endsAt: null }
const ofNoRule = { rrule: null, startLocal: null, durationMs: null, endLocal: null, exdates: [] }

function onceOf({ startsAt, endsAt }: { startsAt: number; endsAt: number }) {
  return { startsAt: iso(startsAt), endsAt: iso(endsAt) }
}

function ruleOf({ rrule, startDay, startMinute, length, exceptDays }: Recurrence) {
  const start = local(startDay, startMinute)
  return {
    rrule,
    startLocal: startDay === 0 ? start.slice(11) : start, // nothing counts from 1970: no day was said
    durationMs: 'ms' in length ? length.ms : null,
    endLocal: 'ms' in length ? null : local(0, length.untilMinute).slice(11),
    exdates: exceptDays.map((day) => local(day, 0).slice(0, 10)),
  }
}

/** `2026-01-04T00:00`. */
function local(day: number, minute: number): string {
  return iso(day * DAY_MS + minute * MINUTE_MS).slice(0, 16)
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
