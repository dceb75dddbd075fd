/** What a file says of when probes run, and of how many. */
import * as z from 'zod'
import { whole } from './scalars.ts'

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
