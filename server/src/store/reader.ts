/** What a store holds at one moment, for programs that only read it: also while a monitor writes to it. */
import type { History } from '../ports.ts'
import type { Driver } from './driver.ts'
import { openDriver } from './open-driver.ts'
import * as queries from './queries.ts'
import { fiveMinutesFrom, type Limits } from './retention.ts'
import { linesFrom, progressOf, type State, stateOf } from './state.ts'

type Reading = { driver: Driver; state: State; now: number; fiveMinutesFor: number }

/** Answers about the past as the monitor does, from what is in the database. Nothing moves while it is open. */
export class StoreReader implements Omit<History, 'incident'>, AsyncDisposable {
  readonly #driver: Driver
  readonly #asking: queries.Asking

  results: History['results'] = (asked) => queries.results(this.#asking, asked)
  latency: History['latency'] = (asked) => queries.latency(this.#asking, asked)
  timeline: History['timeline'] = (asked) => queries.timeline(this.#asking, asked)
  days: History['days'] = (asked) => queries.days(this.#asking, asked)
  incidents: History['incidents'] = (asked) => this.#driver.incidents(asked)

  constructor({ driver, state, now, fiveMinutesFor }: Reading) {
    this.#driver = driver
    const from = fiveMinutesFrom(state.progress.expired, fiveMinutesFor)
    this.#asking = { state, driver, now, fiveMinutesFrom: from }
  }

  /** Ids of all endpoints of which anything was ever kept, in their order. */
  get endpoints(): string[] {
    return [...this.#asking.state.numbers.keys()].sort()
  }

  /** When the oldest result ended that is kept, epoch ms; infinite without any. */
  async oldestResultAt(): Promise<number> {
    const { tail } = this.#asking.state
    return Math.min((await this.#driver.oldestChunkAt()) ?? Number.POSITIVE_INFINITY, tail.oldest)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driver[Symbol.asyncDispose]()
  }
}

/** Opens what `store.url` names, to read it as it is now. @throws {StoreError} */
export async function openReader(
  url: string,
  { now, fiveMinutesFor }: { now: number } & Pick<Limits, 'fiveMinutesFor'>,
): Promise<StoreReader> {
  const driver = await openDriver(url, { atOneMoment: true })
  try {
    const loaded = await driver.load()
    const progress = progressOf(loaded, now)
    const state = stateOf(loaded, progress, await driver.timelines(linesFrom(progress)))
    return new StoreReader({ driver, state, now, fiveMinutesFor })
  } catch (error) {
    await driver[Symbol.asyncDispose]()
    throw error
  }
}
