import { existsSync, linkSync, rmSync } from 'node:fs'
import { StoreError } from '../lib/errors.ts'
import type { Span } from '../ports.ts'
import type { AskedIncidents, Driver, Work } from './driver.ts'
import { CHUNKS } from './slots.ts'
import {
  bytesOf,
  copyInto,
  type Database,
  openFile,
  openForReading,
  pagesOf,
  type Statement,
  sqliteFailure,
  takeLock,
  unfinishedCopy,
} from './sqlite-file.ts'
import { SqlitePieces } from './sqlite-pieces.ts'
import { SqliteReads } from './sqlite-reads.ts'
import { SqliteWrites } from './sqlite-writes.ts'

/** Free pages from which on they are given back to the file system: 1 MiB, and an eighth of what is in use. */
const FREE_PAGES = 256
const FREE_SHARE = 1 / 8
/** Pages given back after one commit: a few milliseconds. */
const PAGES_A_COMMIT = 500

/** Opens the database in a file, which is made with its folder if it is not there. @throws {StoreError} */
export function openSqlite(
  name: string,
  { readOnly = false, atOneMoment = false } = {},
): SqliteDriver {
  if (readOnly || atOneMoment) {
    const database = openForReading(name, { atOneMoment })
    return new SqliteDriver({ name, database, lock: null })
  }
  const lock = takeLock(name)
  try {
    return new SqliteDriver({ name, database: openFile(name), lock })
  } catch (error) {
    lock[Symbol.dispose]()
    throw error
  }
}

/** What must survive the machine as well before anybody is told anything: the positions given out, and how a run ended. */
const PROMISES = ['rev', 'clean'] as const

/** Keeps everything in one SQLite file. Each call does its work at once, so it belongs in a thread of its own. */
export class SqliteDriver implements Driver {
  readonly #name: string
  readonly #database: Database
  readonly #lock: Disposable | null
  readonly #pieces: SqlitePieces
  readonly #reads: SqliteReads
  readonly #writes: SqliteWrites | null
  readonly #transaction: Record<'begin' | 'commit', Statement>
  #isGivingBack = false
  #isDurable = false

  constructor(opened: { name: string; database: Database; lock: Disposable | null }) {
    const { name, database, lock } = opened
    this.#name = name
    this.#database = database
    this.#lock = lock
    this.#pieces = new SqlitePieces(database)
    this.#reads = new SqliteReads(database)
    this.#writes = lock === null ? null : new SqliteWrites(database, this.#pieces)
    this.#transaction = {
      begin: database.prepare('BEGIN IMMEDIATE'),
      commit: database.prepare('COMMIT'),
    }
  }

  load = () => this.#try(() => this.#reads.load())

  commit(work: Work): Promise<void> {
    return this.#try(() => {
      if (this.#writes === null)
        throw new StoreError(`store ${this.#name} is open for reading only`)
      this.#durably(work.meta !== undefined && PROMISES.some((name) => work.meta?.has(name)))
      this.#inTransaction(this.#writes, work)
      this.#giveBack(work.expire !== undefined)
    })
  }

  chunks = (endpoint: number, span: Span) =>
    this.#try(() => this.#pieces.of(CHUNKS, endpoint, span))

  rollups = (endpoint: number, { resolution, ...span }: Span & { resolution: number }) =>
    this.#try(() => {
      const series = this.#pieces.series(resolution)
      const found = series === undefined ? [] : this.#pieces.of(series, endpoint, span)
      return found.map(({ at, packed }) => ({ endpoint, at, resolution, packed }))
    })

  timeline: Driver['timeline'] = (endpoint, asked) =>
    this.#try(() => this.#reads.timeline(endpoint, asked))

  timelines = (from: number) => this.#try(() => this.#reads.timelines(from))

  days = (from: number, to: number) => this.#try(() => this.#reads.days(from, to))

  incidents = (asked: AskedIncidents) => this.#try(() => this.#reads.incidents(asked))

  incident = (id: string) => this.#try(() => this.#reads.incident(id))

  size = () => this.#try(() => bytesOf(this.#database, this.#name))

  oldestChunkAt = () => this.#try(() => this.#pieces.oldestAt(CHUNKS))

  async backup(file: string): Promise<void> {
    if (existsSync(file)) throw isThere(file)
    const unfinished = unfinishedCopy(file)
    try {
      rmSync(unfinished, { force: true }) // of a copy that was broken off
      await copyInto(this.#name, unfinished)
      linkSync(unfinished, file) // unlike a rename, never over a file that has come meanwhile
    } catch (error) {
      throw codeOf(error) === 'EEXIST' ? isThere(file) : sqliteFailure(file, error)
    } finally {
      if (existsSync(unfinished)) rmSync(unfinished)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
    this.#lock?.[Symbol.dispose]()
  }

  /** Whether commits from now on wait until the disk has them. */
  #durably(isDurable: boolean): void {
    if (isDurable === this.#isDurable) return
    this.#database.exec(`PRAGMA synchronous = ${isDurable ? 'FULL' : 'NORMAL'}`)
    this.#isDurable = isDurable
  }

  #inTransaction(writes: SqliteWrites, work: Work): void {
    this.#transaction.begin.run()
    try {
      writes.write(work)
      this.#transaction.commit.run()
    } catch (error) {
      // A full disk may have ended it already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      this.#pieces.reset()
      throw error
    }
  }

  /** Makes the file smaller, a little after each commit, once a lot in it is free. */
  #giveBack(hasExpired: boolean): void {
    if (!hasExpired && !this.#isGivingBack) return
    try {
      const { free, used } = pagesOf(this.#database)
      this.#isGivingBack = free > Math.max(FREE_PAGES, used * FREE_SHARE)
      if (this.#isGivingBack) this.#database.exec(`PRAGMA incremental_vacuum(${PAGES_A_COMMIT})`)
    } catch {
      // The commit is done; what is free is used again.
      this.#isGivingBack = false
    }
  }

  async #try<T>(run: () => T): Promise<T> {
    try {
      return run()
    } catch (error) {
      throw sqliteFailure(this.#name, error)
    }
  }
}

function isThere(file: string): StoreError {
  return new StoreError(`backup ${file} is there already: expected a file that is not`)
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
