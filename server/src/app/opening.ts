import type { Config } from '../config/config.ts'
import { StoreError, troubleIn } from '../lib/errors.ts'
import { ulid } from '../lib/ids.ts'
import type { Clock, Log, Remembered, Store } from '../ports.ts'
import type { Outside } from './outside.ts'
import { type Past, pastOf } from './past.ts'
import { RESERVE } from './recorder.ts'
import { openEngine, storeSettings } from './store.ts'
import { type StoreCall, storeOver } from './store-calls.ts'
import { StoreWorker } from './store-worker.ts'
import { ThreadedStore } from './threaded-store.ts'

/** The store, and what it remembered. */
export type Opened = {
  store: Store
  past: Past
  /** Positions below this one may be given out. */
  reserved: number
  /** How often the store's thread had to be started again. */
  restarts: () => number
}

/** Longest that the start waits for a store that is away, ms, and how often it looks. */
const WAIT_MS = { most: 30_000, between: 1_000 } as const

/**
 * Opens the store and takes up the log where the last run left it. One that cannot be used as configured ends the start;
 * without one that is away or full for the moment the log begins anew, and nothing is kept until the next start.
 * @throws {StoreError}
 */
export async function openStore(
  config: Config,
  world: Outside,
  parts: AsyncDisposableStack,
): Promise<Opened> {
  const { clock, random } = world
  const log = world.log.child({ room: 'store' })
  const { store, restarts } = makeStore(config, world, log)
  const epoch = ulid(clock.now(), random).toLowerCase()
  try {
    const opened = await patiently(clock, log, () => takenUp(store, epoch))
    parts.use(store)
    return { ...opened, store, restarts }
  } catch (error) {
    await store[Symbol.asyncDispose]()
    if (!(error instanceof StoreError && error.isPassing)) throw error
    log.error(troubleIn(error), 'the store is away, nothing is kept until the next start')
    const past = pastOf(null, epoch)
    return { store: absent(error), past, reserved: past.rev + RESERVE, restarts }
  }
}

function makeStore(
  config: Config,
  { clock, thread, store, storeEntry: entry }: Outside,
  log: Log,
): Pick<Opened, 'store' | 'restarts'> {
  if (store !== undefined) return { store, restarts: () => 0 }
  const settings = storeSettings(config)
  if (thread === undefined) {
    const worker = new StoreWorker(() => openEngine(settings, { clock, log }))
    return { store: overWorker(worker), restarts: () => 0 }
  }
  const threaded = new ThreadedStore({ start: { settings, log: thread }, clock, log, entry })
  return { store: threaded, restarts: () => threaded.restarts }
}

function overWorker(worker: StoreWorker): Store {
  return {
    ...storeOver((call: StoreCall) => worker.answer(call)),
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  }
}

/** Restores, and reserves positions. */
async function takenUp(store: Store, epoch: string): Promise<Pick<Opened, 'past' | 'reserved'>> {
  const remembered: Remembered | null = await store.restore(epoch)
  const past = pastOf(remembered, epoch)
  const reserved = past.rev + RESERVE
  await store.write({ entries: [], results: [], timeline: [], rev: reserved })
  return { past, reserved }
}

/** Tries again for a while what a passing trouble hinders. */
async function patiently<T>(clock: Clock, log: Log, run: () => Promise<T>): Promise<T> {
  const end = clock.monotonic() + WAIT_MS.most
  for (let tries = 1; ; tries++) {
    try {
      return await run()
    } catch (error) {
      const isPassing = error instanceof StoreError && error.isPassing
      if (!isPassing || clock.monotonic() >= end) throw error
      if (tries === 1) log.warn(troubleIn(error), 'the store is away, waiting for it')
    }
    await new Promise<void>((resolve) => clock.after(WAIT_MS.between, resolve))
  }
}

/** Stands for a store that could not be opened. */
function absent(why: StoreError): Store {
  return {
    ...storeOver(() => Promise.reject(why)),
    async [Symbol.asyncDispose]() {},
  }
}
