/** From what is said of a maintenance to what the program uses. */
import { hashedId } from '../lib/ids.ts'
import { DAY_MS, dayOf, instantOf, localTime, MINUTE_MS } from '../lib/local-time.ts'
import { type Occurrence, occurrencesIn, type Recurrence } from '../lib/recurrence.ts'
import { needsStart, readRule } from '../lib/recurrence-rule.ts'
import type { CamelKeys } from './camel-keys.ts'
import type { Plan } from './config.ts'
import type { Maintenance as InFile } from './maintenance-schema.ts'

/** A maintenance as a file or a client says it. */
export type Said = CamelKeys<InFile>

/** What is not as expected; without `key` it is the whole. */
export type Complaint = { key?: keyof Said; expected: string }

/** Whose it is, and where its clocks are unless it says so itself. */
export type Around = Pick<Plan, 'payer' | 'origin' | 'timeZone'>

const MAX_ONCE_MS = 31 * DAY_MS
/** So many of a rule's windows are looked at before it is believed that they leave time in between. */
const LOOKED_AT = 64

/** The plan, complete, or why there is none. */
export function planOf(said: Said, around: Around): Plan | Complaint {
  const timeZone = said.timeZone ?? around.timeZone
  const times = timesOf(said, timeZone)
  if ('expected' in times) return times
  const { kind, announcedAt, sourceUrl = null, via = null } = said
  const types = [...new Set(said.types)].sort()
  const { payer, origin } = around
  return {
    id: `mp_${hashedId(JSON.stringify([payer, types, via, times, timeZone]), 26)}`,
    origin,
    payer,
    types,
    via,
    kind,
    announcedAt: announcedAt === undefined ? null : momentOf(announcedAt, timeZone),
    sourceUrl,
    timeZone,
    times,
  }
}

/** When a text such as `2026-02-01T22:00`, read by the schema, is; epoch ms. */
export function momentOf(text: string, timeZone: string): number {
  const local = localTime(text)
  return local === undefined ? Date.parse(text) : instantOf(local, timeZone)
}

const ONCE = ['starts', 'ends'] as const
const AGAIN = ['rrule', 'startLocal', 'duration', 'endLocal'] as const
const EITHER = 'either starts and ends, or rrule, start_local, and duration or end_local'

function timesOf(said: Said, timeZone: string): Plan['times'] | Complaint {
  const hasOnce = ONCE.some((key) => said[key] !== undefined)
  const hasAgain = AGAIN.some((key) => said[key] !== undefined) || said.exdates.length > 0
  if (hasOnce === hasAgain) return { expected: EITHER }
  return hasOnce ? onceOf(said, timeZone) : againOf(said, timeZone)
}

function onceOf({ starts, ends }: Said, timeZone: string): Occurrence | Complaint {
  if (starts === undefined || ends === undefined) return { expected: EITHER }
  const startsAt = momentOf(starts, timeZone)
  const endsAt = momentOf(ends, timeZone)
  if (endsAt > startsAt && endsAt - startsAt <= MAX_ONCE_MS) return { startsAt, endsAt }
  return { key: 'ends', expected: 'a time after starts, at most 31 days later' }
}

function againOf(said: Said, timeZone: string): Recurrence | Complaint {
  const { rrule, startLocal, duration, endLocal, exdates } = said
  const hasOneEnd = (duration === undefined) !== (endLocal === undefined)
  if (rrule === undefined || startLocal === undefined || !hasOneEnd) return { expected: EITHER }
  const rule = readRule(rrule)
  if ('mistake' in rule) return { key: 'rrule', expected: rule.mistake }
  const [date, time = ''] = startLocal.includes('T')
    ? startLocal.split('T')
    : [undefined, startLocal]
  if (date === undefined && needsStart(rule))
    return { key: 'startLocal', expected: 'a date and time, since the rule counts from it' }
  const recurrence: Recurrence = {
    rrule: rrule.replace(/^RRULE:/i, '').toUpperCase(),
    startDay: date === undefined ? 0 : dayOf(localTime(date) ?? 0),
    startMinute: minuteOf(time),
    timeZone,
    length: endLocal === undefined ? { ms: duration ?? 0 } : { untilMinute: minuteOf(endLocal) },
    exceptDays: exdates.map((day) => dayOf(localTime(day) ?? 0)),
  }
  return mistakeIn(recurrence) ?? recurrence
}

/** A rule must come, and must not be there all the time. */
function mistakeIn(recurrence: Recurrence): Complaint | undefined {
  const from = Math.max(recurrence.startDay * DAY_MS, Date.UTC(2026, 0, 1))
  const all = { from, to: Number.POSITIVE_INFINITY, most: LOOKED_AT }
  const first = occurrencesIn(recurrence, all)
  const expected = 'a rule whose windows leave some time in between'
  if (first.some(({ endsAt }, i) => endsAt >= (first[i + 1]?.startsAt ?? Number.POSITIVE_INFINITY)))
    return { key: 'rrule', expected }
  const [ever] = occurrencesIn(recurrence, { ...all, from: recurrence.startDay * DAY_MS, most: 1 })
  return ever === undefined ? { key: 'rrule', expected: 'a rule of a time that comes' } : undefined
}

/** Minutes after midnight of `22:00`. */
function minuteOf(time: string): number {
  return ((localTime(`2026-01-01T${time}`) ?? 0) % DAY_MS) / MINUTE_MS
}
