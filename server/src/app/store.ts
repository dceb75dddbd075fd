/** Where history is kept: the engine over the database that `store.url` names. */
import type { Config } from '../config/config.ts'
import type { Clock, Log, Store } from '../ports.ts'
import { StoreEngine } from '../store/engine.ts'
import { MemoryDriver } from '../store/memory-driver.ts'
import { openDriver } from '../store/open-driver.ts'
import type { Limits } from '../store/retention.ts'

/** What a store is told by the configuration; plain data, for another thread. */
export type StoreSettings = Limits & { url: string }

/** The part of the configuration that is the store's. */
export function storeSettings({ store, hub: { remember } }: Config): StoreSettings {
  const { url, resultsFor, fiveMinutesFor, historyFor, maxSize } = store
  return { url: url.reveal(), resultsFor, fiveMinutesFor, historyFor, maxSize, remember }
}

/** Opens the store. @throws {StoreError} */
export async function openEngine(
  { url, ...limits }: StoreSettings,
  outside: { clock: Clock; log: Log },
): Promise<Store> {
  const driver = url === 'memory:' ? new MemoryDriver() : await openDriver(url)
  return new StoreEngine({ driver, limits, ...outside })
}
