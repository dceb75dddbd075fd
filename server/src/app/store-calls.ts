/** Everything that a store is asked for, as it crosses threads. */
import type { Store, StoreBatch, StoreFigures } from '../ports.ts'
import { answerHistory, type HistoryCall, historyOver } from './history-calls.ts'

/** One question to a store. */
export type StoreCall =
  | HistoryCall
  | { method: 'restore'; asked: string }
  | { method: 'write'; asked: StoreBatch }
  | { method: 'backup'; asked: string }
  | { method: 'figures' }
  | { method: 'close' }

/** A store on the other side of something that carries questions and answers. */
export function storeOver(
  ask: (call: StoreCall) => Promise<unknown>,
): Omit<Store, typeof Symbol.asyncDispose> {
  return {
    ...historyOver(ask),
    // safe: each answer is what `answerStore` gave to the same method
    restore: (asked) => ask({ method: 'restore', asked }) as ReturnType<Store['restore']>,
    async write(asked) {
      await ask({ method: 'write', asked })
    },
    async backup(asked) {
      await ask({ method: 'backup', asked })
    },
    figures: () => ask({ method: 'figures' }) as Promise<StoreFigures>,
    async close() {
      await ask({ method: 'close' })
    },
  }
}

/** Answers a question that came from another thread. */
export function answerStore(store: Store, call: StoreCall): Promise<unknown> {
  switch (call.method) {
    case 'restore':
      return store.restore(call.asked)
    case 'write':
      return store.write(call.asked)
    case 'backup':
      return store.backup(call.asked)
    case 'figures':
      return store.figures()
    case 'close':
      return store.close()
    default:
      return answerHistory(store, call)
  }
}
