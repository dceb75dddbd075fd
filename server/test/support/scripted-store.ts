import type { Remembered, Store, StoreBatch } from '../../src/ports.ts'
import { noHistory } from './no-history.ts'

/** A store that only keeps what it is told to write, and that may be made to fail or to take its time. */
export type ScriptedStore = Store & {
  batches: StoreBatch[]
  /** Thrown by writes while it is set. */
  trouble: Error | undefined
  /** Writes wait for it while it is set. */
  delay: Promise<void> | undefined
  isClosed: boolean
}

/** Makes one that remembers so much. */
export function aStore(remembered: Remembered | null = null): ScriptedStore {
  const store: ScriptedStore = {
    ...noHistory,
    batches: [],
    trouble: undefined,
    delay: undefined,
    isClosed: false,
    restore: async () => remembered,
    async write(batch) {
      await store.delay
      if (store.trouble) throw store.trouble
      store.batches.push(batch)
    },
    backup: async () => {},
    figures: async () => ({ bytes: 0, oldestResultAt: null, troubles: {} }),
    async close() {
      store.isClosed = true
    },
    async [Symbol.asyncDispose]() {},
  }
  return store
}
