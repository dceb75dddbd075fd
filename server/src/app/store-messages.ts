/** What the main thread and the store's thread say to each other. The address of the store travels inside this process only. */
import type { LogLevel } from '../lib/log.ts'
import type { Ask, Reply } from './questions.ts'
import type { StoreSettings } from './store.ts'
import type { StoreCall } from './store-calls.ts'
import type { Stop, Stopped } from './supervised-thread.ts'

/** What the thread is started with. */
export type StoreStart = {
  settings: StoreSettings
  log: { level: LogLevel; isTerminal: boolean }
}

export type ToStore = Ask<StoreCall> | Stop
export type FromStore = Reply | Stopped
