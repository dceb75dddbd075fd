/** What a file says of a payer's announced maintenance. Every message says what was expected. */
import * as z from 'zod'
import { localTime } from '../lib/local-time.ts'
import { durationFrom, listOf } from './scalars.ts'
import { TimeZone } from './schedule-schema.ts'

/** Most maintenance windows and rules of one payer. */
export const MAX_PLANS = 200

const Name = z.string().trim().min(1).max(120)

const A_TIME = 'a time such as "2026-02-01T22:00" or "2026-02-01T22:00-05:00"'
/** Milliseconds only beside an offset, as programs write them. */
const TIME =
  /^((?:20|21)\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:(?<=T\d\d:\d\d:\d\d)\.\d{1,3}(?=[Z+-]))?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/

/** A moment, with its offset, or else on the clock of the window's time zone. */
export const Moment = z
  .string(A_TIME)
  .refine((text) => localTime(TIME.exec(text)?.[1] ?? '') !== undefined, A_TIME)

const A_START = 'a time of day such as "22:00", or a date and time such as "2026-02-01T22:00"'

/** A time of day; with its date where the rule counts from it. */
export const StartLocal = z.string(A_START).refine((text) => {
  const [, date = '2026-01-01', time = ''] = /^(?:([\d-]{10})T)?([\d:]{5})$/.exec(text) ?? []
  return /^(?:20|21|19[7-9])/.test(date) && localTime(`${date}T${time}`) !== undefined
}, A_START)

const AN_END = 'a time of day such as "06:00"'
export const EndLocal = z.string(AN_END).regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, AN_END)

const A_DATE = 'a date such as "2026-12-27"'
export const LocalDate = z
  .string(A_DATE)
  .refine((text) => /^[\d-]{10}$/.test(text) && localTime(text) !== undefined, A_DATE)

export const Rrule = z.string().min(1).max(500)

const A_PAGE =
  'an address such as "https://payer.example/maintenance", without user, query or fragment'

/** Where it was announced. A query may carry what is nobody else's business. */
export const SourceUrl = z
  .string(A_PAGE)
  .max(500, A_PAGE)
  .regex(/^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[\w.~%/-]*)?$/, A_PAGE)

export const PlanKind = z.enum(['routine', 'non_routine', 'unscheduled'])

export const Maintenance = z.strictObject({
  types: listOf(Name).prefault([]).meta({
    description: 'Types or capabilities that are affected; none means all of the payer’s',
  }),
  via: Name.optional().meta({ description: 'The route that is affected; by default every one' }),
  kind: PlanKind.prefault('routine').meta({
    description: 'From the published schedule, announced beside it, or announced when it had begun',
  }),
  starts: Moment.optional().meta({
    description: 'When it begins, of one that comes once',
    examples: ['2026-02-01T22:00', '2026-02-01T22:00-05:00'],
  }),
  ends: Moment.optional().meta({ description: 'When it ends, at most 31 days later' }),
  rrule: Rrule.optional().meta({
    description:
      'On which days it begins, of one that comes again: a rule of RFC 5545 with FREQ (DAILY to YEARLY), INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, WKST',
    examples: ['FREQ=WEEKLY;BYDAY=SU'],
  }),
  start_local: StartLocal.optional().meta({
    description:
      'When it begins on those days; with the date from which the rule counts, where it does',
    examples: ['00:00', '2026-01-04T00:00'],
  }),
  duration: durationFrom('1m', '7d')
    .optional()
    .meta({ description: 'How long it takes, whatever clocks do meanwhile' }),
  end_local: EndLocal.optional().meta({
    description: 'Or when it ends on the clock, that day or the next',
    examples: ['06:00'],
  }),
  exdates: z
    .array(LocalDate)
    .max(100)
    .prefault([])
    .meta({ description: 'Days on which the rule’s window does not begin' }),
  time_zone: TimeZone.optional().meta({
    description: 'Of all times without an offset; by default the payer’s, else UTC',
  }),
  announced_at: Moment.optional().meta({
    description: 'When it was announced: what says whether that was early enough',
  }),
  source_url: SourceUrl.optional().meta({ description: 'Where it was announced' }),
})
export type Maintenance = z.infer<typeof Maintenance>
