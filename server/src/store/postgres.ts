import { StoreError } from '../lib/errors.ts'
import type { Span } from '../ports.ts'
import type { AskedIncidents, Driver, Work } from './driver.ts'
import { isLost, type PgClient, shownName } from './postgres-client.ts'
import { PostgresPartitions } from './postgres-partitions.ts'
import { PostgresReads } from './postgres-reads.ts'
import { LOCK, MIGRATIONS, SCHEMA } from './postgres-schema.ts'
import { PostgresSession } from './postgres-session.ts'
import { write } from './postgres-writes.ts'

/** Opens a database, and makes our schema in it if it is not there. @throws {StoreError} */
export async function openPostgres(
  url: string,
  { readOnly = false, atOneMoment = false } = {},
): Promise<PostgresDriver> {
  const name = shownName(url)
  const driver = new PostgresDriver({ url, name, readOnly: readOnly || atOneMoment, atOneMoment })
  try {
    await driver.connect()
    return driver
  } catch (error) {
    await driver[Symbol.asyncDispose]()
    throw error
  }
}

/** One transaction of one moment; whoever takes what is read may take a break. */
const AT_ONE_MOMENT =
  "SET idle_in_transaction_session_timeout = '1h'; BEGIN ISOLATION LEVEL REPEATABLE READ"

type Opening = { url: string; name: string; readOnly: boolean; atOneMoment: boolean }

/** A server that hears nothing of us for a minute ends the session, whose lock would keep our next one out for hours. */
const GIVE_UP_SOON =
  'SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3'

/** Keeps everything in a schema of a PostgreSQL database. A lost connection is made again at the next call. */
export class PostgresDriver implements Driver {
  readonly #name: string
  /** Has the lock of the sole writer. Null when only reading. */
  readonly #writer: PostgresSession | null
  readonly #reader: PostgresSession
  readonly #reads: PostgresReads
  readonly #partitions = new PostgresPartitions()
  /** Which moment a reader sees: any, the one when it connects, or the one when it did. */
  #moment: 'any' | 'wanted' | 'taken'
  /** Of all chunks; undefined when it has to be looked up. */
  #oldestChunkAt: number | null | undefined

  constructor({ url, name, readOnly, atOneMoment }: Opening) {
    this.#name = name
    this.#moment = atOneMoment ? 'wanted' : 'any'
    this.#writer = readOnly
      ? null
      : new PostgresSession({ url, name, prepare: (client) => this.#prepareWriter(client) })
    this.#reader = new PostgresSession({
      url,
      name,
      prepare: (client) => this.#prepareReader(client),
    })
    this.#reads = new PostgresReads(this.#reader, atOneMoment)
  }

  /** Connects and brings the schema to the present version. */
  async connect(): Promise<void> {
    await this.#writer?.use(async () => undefined)
    await this.#reader.use(async () => undefined)
  }

  load = () => this.#reads.load()

  async commit(work: Work): Promise<void> {
    if (this.#writer === null) throw new StoreError(`store ${this.#name} is open for reading only`)
    const unsure = await this.#writer.use((client) => this.#inTransaction(client, work))
    if (unsure !== null) await this.#settle(this.#writer, unsure)
    this.#follow(work)
  }

  chunks = (endpoint: number, span: Span) => this.#reads.chunks(endpoint, span)

  rollups = (endpoint: number, asked: Span & { resolution: number }) =>
    this.#reads.rollups(endpoint, asked)

  timeline: Driver['timeline'] = (endpoint, asked) => this.#reads.timeline(endpoint, asked)

  timelines = (from: number) => this.#reads.timelines(from)

  days = (from: number, to: number) => this.#reads.days(from, to)

  incidents = (asked: AskedIncidents) => this.#reads.incidents(asked)

  incident = (id: string) => this.#reads.incident(id)

  size = () => this.#reads.size()

  async oldestChunkAt(): Promise<number | null> {
    if (this.#oldestChunkAt === undefined) this.#oldestChunkAt = await this.#reads.oldestChunkAt()
    return this.#oldestChunkAt
  }

  async backup(): Promise<void> {
    throw new StoreError(
      `store ${this.#name} is backed up with PostgreSQL's own means: pg_dump --schema=${SCHEMA}`,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer?.[Symbol.asyncDispose]()
    await this.#reader[Symbol.asyncDispose]()
  }

  /** Null when it is done; the transaction's id when the connection broke before the answer came. */
  async #inTransaction(client: PgClient, work: Work): Promise<string | null> {
    await client.query('BEGIN')
    let id: string
    try {
      await write(client, work, this.#partitions)
      id = (await client.query('SELECT pg_current_xact_id()::text AS id')).rows[0].id
    } catch (error) {
      this.#partitions.reset()
      if (!isLost(error)) await client.query('ROLLBACK')
      throw error
    }
    try {
      await client.query('COMMIT')
      return null
    } catch (error) {
      this.#partitions.reset()
      if (!isLost(error)) throw error
      return id
    }
  }

  async #settle(writer: PostgresSession, id: string): Promise<void> {
    const rows = await writer
      .rows('settle', 'SELECT pg_xact_status($1::xid8) AS status', [id])
      .catch((cause: unknown) => {
        throw new StoreError(
          `store ${this.#name} cannot be reached: nobody knows whether it has written`,
          { cause, isPassing: true, isUnsure: true },
        )
      })
    const [row] = rows
    if (row?.status !== 'committed')
      throw new StoreError(`store ${this.#name} lost the connection before it had written`)
  }

  #follow({ chunks, expire }: Work): void {
    if (expire?.chunks !== undefined) this.#oldestChunkAt = undefined
    if (this.#oldestChunkAt === undefined) return
    for (const { at } of chunks ?? []) this.#oldestChunkAt = Math.min(this.#oldestChunkAt ?? at, at)
  }

  async #prepareWriter(client: PgClient): Promise<void> {
    await client.query(GIVE_UP_SOON)
    const { rows } = await client.query(`SELECT pg_try_advisory_lock(${LOCK}) AS taken`)
    if (rows[0].taken !== true)
      throw new StoreError(
        `store ${this.#name} is in use: expected no other monitor that writes to it; stop the other, or give this one a store.url of its own`,
      )
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`)
    await client.query(`SET search_path = ${SCHEMA}`)
    await client.query(
      'CREATE TABLE IF NOT EXISTS migration (version integer PRIMARY KEY, at timestamptz DEFAULT now())',
    )
    const version = await this.#versionOf(client)
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (index < version) continue
      await client.query(`BEGIN; ${sql}; INSERT INTO migration VALUES (${index + 1}); COMMIT`)
    }
  }

  async #prepareReader(client: PgClient): Promise<void> {
    await client.query(`SET search_path = ${SCHEMA}; SET default_transaction_read_only = on`)
    const { rows } = await client.query("SELECT to_regclass('migration') IS NOT NULL AS there")
    if (rows[0].there !== true || (await this.#versionOf(client)) < MIGRATIONS.length)
      throw new StoreError(
        `store ${this.#name} is not of version ${MIGRATIONS.length}: start the monitor once`,
      )
    if (this.#moment === 'any') return
    if (this.#moment === 'taken')
      throw new StoreError(`store ${this.#name} lost the connection while it was read: begin again`)
    await client.query(AT_ONE_MOMENT)
    this.#moment = 'taken'
  }

  async #versionOf(client: PgClient): Promise<number> {
    const { rows } = await client.query(
      'SELECT coalesce(max(version), 0) AS version FROM migration',
    )
    const version = Number(rows[0].version)
    if (version > MIGRATIONS.length)
      throw new StoreError(
        `store ${this.#name} is of version ${version}: expected at most ${MIGRATIONS.length}; run the later payer-status that wrote it`,
      )
    return version
  }
}
