/** What a file says of when probes run, and of how many. */
import * as z from 'zod'
import { cronMistake } from '../lib/cron.ts'
import { isTimeZone } from '../lib/time-zone.ts'
import { durationFrom, listOf, numberFrom, whole } from './scalars.ts'

const concurrent = whole(1, 1_000).optional()
const perMinute = whole(1, 60_000).optional()

/** What is asked of one host or one payer at most, all endpoints together. */
export const Budgets = z.strictObject({
  host: z
    .strictObject({
      concurrent: concurrent.meta({
        description: 'Probes at once on one host; by default 1 in public networks, else any number',
      }),
      per_minute: perMinute.meta({
        description:
          'Probes a minute of one host, a quarter of them at once; by default 12 in public networks, else any number',
      }),
    })
    .prefault({}),
  payer: z
    .strictObject({
      concurrent: concurrent.meta({
        description:
          'Probes at once of all endpoints of a payer; by default 4 in public networks, else any number',
      }),
      per_minute: perMinute.meta({
        description: 'Probes a minute of all endpoints of a payer; by default any number',
      }),
    })
    .prefault({}),
})

export const TimeZone = z
  .string()
  .refine(isTimeZone, 'an IANA time zone such as "America/New_York"')

const A_TIME = 'a time of day such as "22:00"'

/** `"22:00"` in the file, 1320 in the program: minutes after midnight. */
const TimeOfDay = z
  .string(A_TIME)
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, A_TIME)
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)))

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

const QuietHours = z
  .strictObject({
    from: TimeOfDay.refine((minutes) => minutes < 1_440, A_TIME),
    to: TimeOfDay,
    days: listOf(z.enum(DAYS).transform((day) => DAYS.indexOf(day))).optional(),
    time_zone: TimeZone.optional(),
  })
  .refine(({ from, to }) => from !== to, 'two different times of day')
export type QuietHours = z.infer<typeof QuietHours>

/** When an endpoint is probed, beside its interval. */
export const scheduleSettings = {
  cron: z
    .string()
    .superRefine((text, context) => {
      const message = cronMistake(text)
      if (message !== undefined) context.addIssue({ code: 'custom', message })
    })
    .optional()
    .meta({
      description:
        'Times of probes instead of an interval: minute, hour, day, month, weekday, before them seconds where six are given',
      examples: ['*/15 8-18 * * 1-5'],
    }),
  time_zone: TimeZone.optional().meta({
    description: 'Of `cron` and `quiet_hours`; by default the payer’s, else UTC',
    default: 'UTC',
    examples: ['America/New_York'],
  }),
  quiet_hours: z
    .union([QuietHours.transform((one) => [one]), z.array(QuietHours).max(32)])
    .optional()
    .meta({
      description:
        'When no probe is sent but one that a person asks for; `days` are those on which it begins. What falls due meanwhile is sent afterwards, spread out',
      examples: [
        { from: '22:00', to: '06:00' },
        { from: '00:00', to: '24:00', days: ['sat', 'sun'] },
      ],
    }),
  backoff: z
    .strictObject({
      factor: numberFrom(1, 10).optional().meta({
        description: 'By how much the interval grows with every failure once the endpoint is down',
        default: 2,
      }),
      cap: durationFrom('1s', '7d').optional().meta({
        description:
          'Longest interval it grows to; by default 1h, or the interval where that is longer',
      }),
    })
    .optional()
    .meta({ description: 'Asks an endpoint that is down less and less often, until it answers' }),
}
