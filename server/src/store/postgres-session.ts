import { connect, isLost, type PgClient, type PgRow, postgresFailure } from './postgres-client.ts'

/** One connection that is made when it is needed, and again after it was lost. What uses it takes turns. */
export class PostgresSession implements AsyncDisposable {
  readonly #url: string
  readonly #name: string
  readonly #prepare: (client: PgClient) => Promise<void>
  #client: PgClient | null = null
  #last: Promise<unknown> = Promise.resolve()

  /** `prepare` runs first on each new connection. */
  constructor(deps: { url: string; name: string; prepare: (client: PgClient) => Promise<void> }) {
    this.#url = deps.url
    this.#name = deps.name
    this.#prepare = deps.prepare
  }

  /** Runs a task on the connection, after those before it. @throws {StoreError} */
  use<T>(task: (client: PgClient) => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#run(task))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async rows(name: string, text: string, values: unknown[]): Promise<PgRow[]> {
    return this.use(async (client) => (await client.query({ name, text, values })).rows)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last
    await this.#drop()
  }

  async #run<T>(task: (client: PgClient) => Promise<T>): Promise<T> {
    try {
      return await task(this.#client ?? (await this.#connected()))
    } catch (error) {
      if (isLost(error)) await this.#drop()
      throw postgresFailure(this.#name, error)
    }
  }

  async #connected(): Promise<PgClient> {
    const client = await connect(this.#url, (lost) => {
      if (this.#client === lost) this.#client = null
    })
    try {
      await this.#prepare(client)
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
    this.#client = client
    return client
  }

  async #drop(): Promise<void> {
    const client = this.#client
    this.#client = null
    await client?.end().catch(() => undefined)
  }
}
