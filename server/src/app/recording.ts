/** The store as the core works with it: who writes to it, and what is known of it. */
import type { Config } from '../config/config.ts'
import { every } from '../lib/clock.ts'
import { errorCode } from '../lib/errors.ts'
import type { Bus, StoreFigures } from '../ports.ts'
import type { Metrics } from '../serve/metrics.ts'
import type { StoreState } from '../serve/store-metrics.ts'
import type { Opened } from './opening.ts'
import type { Outside } from './outside.ts'
import { Recorder } from './recorder.ts'

/** How often the store is asked how much it holds, ms. */
const FIGURES_EVERY_MS = 60_000

/** What the core begins with: the log so far, and who takes over what must be ended again, last started first. */
export type Beginnings = {
  opened: Opened
  parts: AsyncDisposableStack
  /** Told when history stops, and when it goes on. */
  onHistory: () => void
}

/** Makes the recorder of this log. */
export function makeRecorder(
  config: Config,
  { clock, log }: Outside,
  { opened, onHistory, bus, metrics }: Beginnings & { bus: Bus; metrics: Metrics },
): Recorder {
  return new Recorder({
    ...opened,
    clock,
    log: log.child({ room: 'store' }),
    queue: config.store.queue,
    rev: () => bus.rev,
    wrote: (outcome, ms) => metrics.store.wrote(outcome, ms),
    changed: onHistory,
  })
}

/** Asks the store now and then how much it holds; says what is known of it. */
export function watchingStore(
  { clock, log }: Outside,
  { opened: { store, restarts }, parts }: Beginnings,
  recorder: () => Recorder,
): () => StoreState {
  let figures: StoreFigures | null = null
  const ask = () => {
    store.figures().then(
      (told) => {
        figures = told
      },
      (error: unknown) => log.debug({ code: errorCode(error) }, 'store told no figures'),
    )
  }
  ask()
  parts.defer(every(clock, FIGURES_EVERY_MS, ask))
  return () => {
    const { isUp, waiting, dropped } = recorder()
    return { isUp, waiting, dropped, restarts: restarts(), figures }
  }
}
