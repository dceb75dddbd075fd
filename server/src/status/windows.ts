/** What was announced, as windows of time. Pure; source: CAQH CORE rule 157 for notice, docs/decisions/0019 for the rest. */
import type { Plan } from '../config/config.ts'
import { hashedUlid } from '../lib/ids.ts'
import { DAY_MS, MINUTE_MS } from '../lib/local-time.ts'
import { type Occurrence, occurrencesIn } from '../lib/recurrence.ts'
import type { WindowRecord } from '../model.ts'

/** So long before it begins is a window told, at most: one of each plan, and the next once that has begun. */
export const AHEAD_MS = 31 * DAY_MS
/** After its end a window has so long until what is still out overran: a payer takes a while to start, and we to look. */
export const GRACE_MS = 15 * MINUTE_MS

/** How early non-routine maintenance must be announced, and how late what was not scheduled. */
const NOTICE_MS = { ahead: 7 * DAY_MS, after: 60 * MINUTE_MS } as const

/**
 * Where time stands towards a window. `grace`: it is over, and something in it was not seen to work since. `overrun`: that
 * lasted too long. `over`: nothing of it is left.
 */
export type Phase = 'ahead' | 'in' | 'grace' | 'overrun' | 'over'

const STATE_OF = {
  ahead: 'scheduled',
  in: 'in_progress',
  grace: 'in_progress',
  overrun: 'overrun',
  over: 'completed',
} as const satisfies Record<Phase, WindowRecord['state']>

/** The state that clients see of a phase. */
export function stateOfPhase(phase: Phase): WindowRecord['state'] {
  return STATE_OF[phase]
}

/** The phase of a window at `now`. It may go back where the clock does. `isHeld`: something in it is out since then. */
export function phaseAt(
  now: number,
  { startsAt, endsAt }: Occurrence,
  { before, isHeld }: { before: Phase; isHeld: () => boolean },
): Phase {
  if (now < startsAt) return 'ahead'
  if (now < endsAt) return 'in'
  if (before === 'over' || !isHeld()) return 'over'
  return now < endsAt + GRACE_MS ? 'grace' : 'overrun'
}

/** A plan's window. The same plan and start always give the same id. */
export function windowOf(
  plan: Plan,
  { startsAt, endsAt }: Occurrence,
  state: WindowRecord['state'],
): WindowRecord {
  const { id, payer, types, via, kind, times, timeZone, announcedAt, sourceUrl } = plan
  return {
    id: `mw_${hashedUlid(startsAt, id)}`,
    plan: id,
    payer,
    types: [...types],
    via,
    kind,
    startsAt: iso(startsAt),
    endsAt: iso(endsAt),
    rrule: 'rrule' in times ? times.rrule : null,
    timeZone,
    announcedAt: announcedAt === null ? null : iso(announcedAt),
    noticeOk: noticeOf(plan, startsAt),
    state,
    sourceUrl,
  }
}

/**
 * Whether a window was announced early enough; null where nobody can tell. Non-routine: a week ahead. Unscheduled: within
 * an hour after it began. Routine: from a schedule that was published before it began, so where it was published is enough.
 */
export function noticeOf(
  { kind, announcedAt, sourceUrl }: Pick<Plan, 'kind' | 'announcedAt' | 'sourceUrl'>,
  startsAt: number,
): boolean | null {
  if (announcedAt === null) return kind === 'routine' && sourceUrl !== null ? true : null
  switch (kind) {
    case 'routine':
      return announcedAt <= startsAt
    case 'non_routine':
      return announcedAt <= startsAt - NOTICE_MS.ahead
    case 'unscheduled':
      return announcedAt <= startsAt + NOTICE_MS.after
  }
}

/** What there is of a plan now: the window it is in or else the next one, and once that has begun the one after it. */
export type Due = {
  windows: Occurrence[]
  /** When there will be something else, epoch ms; infinite when there will never be. */
  until: number
}

/** What there is of a plan at `now`. */
export function dueOf({ times }: Pick<Plan, 'times'>, now: number): Due {
  const all = 'rrule' in times ? occurrencesIn(times, { from: now, to: ALWAYS, most: 2 }) : [times]
  const [first, second] = all.filter(({ endsAt }) => endsAt > now)
  if (first === undefined) return { windows: [], until: ALWAYS }
  if (first.startsAt > now + AHEAD_MS) return { windows: [], until: first.startsAt - AHEAD_MS }
  if (first.startsAt > now) return { windows: [first], until: first.startsAt }
  if (second === undefined) return { windows: [first], until: first.endsAt }
  const isNear = second.startsAt <= now + AHEAD_MS
  const windows = isNear ? [first, second] : [first]
  return {
    windows,
    until: isNear ? first.endsAt : Math.min(first.endsAt, second.startsAt - AHEAD_MS),
  }
}

const ALWAYS = Number.POSITIVE_INFINITY

function iso(at: number): string {
  return new Date(at).toISOString()
}
