import type { Budget, Share } from '../../src/schedule/gate.ts'
import { Scheduler } from '../../src/schedule/scheduler.ts'
import type { Planned, Run } from '../../src/schedule/slot.ts'
import { FakeClock } from './fake-clock.ts'

export const MINUTE = 60_000

/** A plan of Aetna's login, alone on its host `a`; any part may be replaced. */
export function aPlan({
  host = 'a',
  ...parts
}: Partial<Planned> & { host?: string } = {}): Planned {
  const shares = [onHost(host)]
  return { id: 'aetna/login', interval: MINUTE, minGap: 1_000, shares, ...parts }
}

/** A budget of a host: one probe at once, as many a minute as there are; any part may be replaced. */
export function onHost(name: string, budget: Partial<Budget> = {}): Share {
  return { of: 'host', name, concurrent: 1, perMinute: Number.POSITIVE_INFINITY, ...budget }
}

/** A budget of a payer, without limits but for those named. */
export function ofPayer(name: string, budget: Partial<Budget>): Share {
  return { ...onHost(name, { concurrent: Number.POSITIVE_INFINITY, ...budget }), of: 'payer' }
}

/** A probe that was started. */
export type Started = { id: string; at: number }

/** A scheduler on a fake clock whose probes all take `take` ms. */
export function aScheduler(
  take = 100,
  options: {
    concurrency?: number
    recheckIn?: number | null
    /** What each probe says of its endpoint, by the time at which it started. */
    course?: (at: number) => Run<string>['course']
    /** What the wall clock shows at first. */
    wall?: string
  } = {},
) {
  const clock = new FakeClock(options.wall === undefined ? undefined : Date.parse(options.wall))
  const started: Started[] = []
  const lags: number[] = []
  let running = 0
  let most = 0
  const onDue = (id: string, signal: AbortSignal): Promise<Run<string>> => {
    const at = clock.monotonic()
    started.push({ id, at })
    most = Math.max(most, ++running)
    return new Promise((resolve) => {
      const end = (outcome: string) => {
        running--
        resolve({ outcome, recheckIn: options.recheckIn ?? null, course: options.course?.(at) })
      }
      const cancel = clock.after(take, () => end(`${id} answered`))
      signal.addEventListener('abort', () => {
        cancel()
        end(`${id} aborted`)
      })
    })
  }
  const scheduler = new Scheduler<string>({
    clock,
    random: () => 0.5,
    concurrency: options.concurrency ?? 10,
    planOf: (plan) => plan,
    onDue,
    onLag: (ms) => lags.push(ms),
  })
  return { clock, scheduler, started, lags, most: () => most }
}
