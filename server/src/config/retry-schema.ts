/** When a probe that failed is asked once more. */
import * as z from 'zod'
import { durationFrom, Switch, whole } from './scalars.ts'

/** Most attempts of one probe. */
const MAX_ATTEMPTS = 5

export const Retry = z.strictObject({
  attempts: whole(1, MAX_ATTEMPTS).optional().meta({
    description:
      'How often a probe asks at most, the first time included, all within `timeout`. On public networks `interval` and `confirm_after` are at least 60s for each',
    default: 1,
  }),
  delay: durationFrom('10ms', '1m').optional().meta({
    description:
      'Most wait before the second attempt; it doubles for each further one, and chance takes some of it. At least 1s on public networks, where no wait is shorter',
    default: '2s',
  }),
  max_delay: durationFrom('10ms', '5m').optional().meta({
    description: 'Most wait before any attempt',
    default: '10s',
  }),
  degrade_after_retry: Switch.optional().meta({
    description: 'An answer that came only after a retry is degraded',
    default: false,
  }),
  any_method: Switch.optional().meta({
    description: 'Also repeats what is not GET, HEAD or OPTIONS, and so may change something twice',
    default: false,
  }),
})
export type Retry = z.infer<typeof Retry>
