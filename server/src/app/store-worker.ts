import { StoreError } from '../lib/errors.ts'
import type { Store } from '../ports.ts'
import { answerStore, type StoreCall } from './store-calls.ts'

/** A store that is opened when it is asked to restore, anew if it was open. */
export class StoreWorker implements AsyncDisposable {
  readonly #open: () => Promise<Store>
  #store: Promise<Store> | undefined

  constructor(open: () => Promise<Store>) {
    this.#open = open
  }

  /** Does what is asked; a restore first opens the store. */
  async answer(call: StoreCall): Promise<unknown> {
    if (call.method === 'restore') this.#store = this.#reopened(this.#store)
    if (this.#store === undefined) throw new StoreError('the store is not open')
    return answerStore(await this.#store, call)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closed(this.#store)
  }

  async #reopened(before: Promise<Store> | undefined): Promise<Store> {
    await closed(before)
    return this.#open()
  }
}

async function closed(store: Promise<Store> | undefined): Promise<void> {
  const open = await store?.catch(() => undefined)
  await open?.[Symbol.asyncDispose]()
}
