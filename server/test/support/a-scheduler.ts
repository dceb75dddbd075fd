import { Scheduler } from '../../src/schedule/scheduler.ts'
import type { Planned, Run } from '../../src/schedule/slot.ts'
import { FakeClock } from './fake-clock.ts'

export const MINUTE = 60_000

/** A plan of Aetna's login; any part may be replaced. */
export function aPlan(parts: Partial<Planned> = {}): Planned {
  return { id: 'aetna/login', interval: MINUTE, minGap: 1_000, host: 'a', hostLimit: 1, ...parts }
}

/** A probe that was started. */
export type Started = { id: string; at: number }

/** A scheduler on a fake clock whose probes all take `take` ms. */
export function aScheduler(
  take = 100,
  options: { concurrency?: number; recheckIn?: number | null } = {},
) {
  const clock = new FakeClock()
  const started: Started[] = []
  const lags: number[] = []
  let running = 0
  let most = 0
  const onDue = (id: string, signal: AbortSignal): Promise<Run<string>> => {
    started.push({ id, at: clock.monotonic() })
    most = Math.max(most, ++running)
    return new Promise((resolve) => {
      const end = (outcome: string) => {
        running--
        resolve({ outcome, recheckIn: options.recheckIn ?? null })
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
    onDue,
    onLag: (ms) => lags.push(ms),
  })
  return { clock, scheduler, started, lags, most: () => most }
}
