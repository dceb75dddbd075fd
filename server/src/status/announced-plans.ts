/** Maintenance that people announce: what becomes of what they say. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { PayerEntry, Plan } from '../config/config.ts'
import { type Complaint, planOf, type Said } from '../config/maintenance.ts'
import { MAX_PLANS } from '../config/maintenance-schema.ts'
import { unknownScope } from '../config/plans.ts'
import { type Occurrence, occurrencesIn } from '../lib/recurrence.ts'
import type { EndpointState } from '../model.ts'
import type { Refused } from '../ports.ts'

/** Most plans that people announced, of all payers together. */
export const MAX_ANNOUNCED = 5_000

type About = {
  payer: PayerEntry
  endpoints: Iterable<EndpointState>
  /** All that is announced now, of all payers. */
  plans: Iterable<Plan>
  /** Now, epoch ms. */
  at: number
}

/** Why nothing is announced. */
export type NoPlan = { refused: Refused; complaint?: Complaint }

/** The plan to publish, the one that is there already, or why there is none. */
export function announcedPlan(said: Said, about: About): { plan: Plan; isNew: boolean } | NoPlan {
  const { payer, endpoints, at } = about
  const outcome = planOf(said, {
    payer: payer.payer,
    origin: 'api',
    timeZone: payer.timeZone ?? 'UTC',
  })
  if ('expected' in outcome) return { refused: 'unfit_plan', complaint: outcome }
  const complaint = unknownScope(outcome, [...endpoints]) ?? untimely(outcome, at)
  if (complaint !== undefined) return { refused: 'unfit_plan', complaint }
  const plans = [...about.plans]
  const before = plans.find(({ id }) => id === outcome.id)
  if (before !== undefined) return { plan: again(outcome, before), isNew: false }
  if (isFull(plans, payer.payer)) return { refused: 'too_many_plans' }
  return { plan: outcome, isNew: true }
}

/** Whether two plans say the same. */
export function isSamePlan(a: Plan, b: Plan): boolean {
  return isDeepStrictEqual(a, b)
}

/** The first window of a plan that ends after `from`, epoch ms; undefined where all are over. */
export function firstWindow({ times }: Plan, from: number): Occurrence | undefined {
  if ('endsAt' in times) return times.endsAt > from ? times : undefined
  return occurrencesIn(times, { from, to: Number.POSITIVE_INFINITY, most: 1 })[0]
}

/** What a file says stays as it says it; of what was announced before, the latest word counts. */
function again(plan: Plan, before: Plan): Plan {
  if (before.origin === 'file') return before
  return { ...plan, announcedAt: plan.announcedAt ?? before.announcedAt }
}

function isFull(plans: readonly Plan[], payer: string): boolean {
  const isAnnounced = ({ origin }: Plan) => origin === 'api'
  return (
    plans.filter((plan) => plan.payer === payer).length >= MAX_PLANS ||
    plans.filter(isAnnounced).length >= MAX_ANNOUNCED
  )
}

/** What is over excuses nothing any more, and nobody announces before the time has come. */
function untimely(plan: Plan, at: number): Complaint | undefined {
  if (plan.announcedAt !== null && plan.announcedAt > at)
    return { key: 'announcedAt', expected: 'a time that has come' }
  if (firstWindow(plan, at) !== undefined) return undefined
  return 'endsAt' in plan.times
    ? { key: 'ends', expected: 'a time that is still to come' }
    : { key: 'rrule', expected: 'a rule of a time that is still to come' }
}
