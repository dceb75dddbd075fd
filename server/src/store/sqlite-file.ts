import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { backup, DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { StoreError } from '../lib/errors.ts'
import { APPLICATION_ID, MIGRATIONS } from './sqlite-schema.ts'

/** An open database. */
export type Database = DatabaseSync
/** A statement that was compiled once. */
export type Statement = StatementSync
/** What a statement takes. */
export type Value = SQLInputValue

/** How long a statement waits for a lock of another process, ms: a shell that writes, or a checkpoint. */
const BUSY_MS = 5_000
/** The most memory that pages take, KiB. */
const CACHE_KIB = 32_768
/** What the write-ahead log is cut back to, bytes. */
const LOG_BYTES = 16 * 1024 ** 2
/** Pages in the log from which on they are moved into the file. */
const CHECKPOINT_PAGES = 1_000
/** Bytes; what SQLite takes by itself, said here because the layout counts on it. */
const PAGE_BYTES = 4_096

/** SQLite's result codes that an operator can act on, and how it is said. Source: sqlite.org/rescode.html. */
const MEANINGS: Readonly<Record<number, string>> = {
  5: 'is locked by another process',
  6: 'is locked by another process',
  8: 'cannot be written: expected a file and a folder that this user may write to',
  10: 'cannot be read or written: the disk fails',
  11: 'is damaged: expected an intact database; put a backup in its place',
  13: 'cannot be written: the disk is full',
  14: 'cannot be opened: expected a file in a folder that this user may write to',
  26: 'is no database: expected an SQLite file or none',
}

/** Those that may be over a moment later: a lock, a disk that fails or is full. */
const PASSING: ReadonlySet<number> = new Set([5, 6, 10, 13])

/** What a fault of SQLite or of the file system means for an operator; a fault of our own stays what it is. */
export function sqliteFailure(name: string, error: unknown): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error
  if ('errcode' in error && typeof error.errcode === 'number') {
    const code = error.errcode & 0xff
    const meaning = MEANINGS[code] ?? `fails with SQLite's code ${error.errcode}`
    return new StoreError(`store ${name} ${meaning}`, {
      cause: error,
      isPassing: PASSING.has(code),
    })
  }
  if ('syscall' in error && 'code' in error)
    return new StoreError(`store ${name} cannot be opened: ${error.code}`, {
      cause: error,
      isPassing: error.code === 'ENOSPC',
    })
  return error
}

/** Opens a file, makes it first if it is not there, and brings it to the present version. @throws {StoreError} */
export function openFile(name: string): Database {
  return guarded(name, () => {
    makeFolder(dirname(name))
    const database = new DatabaseSync(name, { timeout: BUSY_MS })
    return closedOnFailure(database, () => {
      database.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA auto_vacuum = INCREMENTAL`)
      refuseForeign(database, name)
      database.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF;
        PRAGMA cache_size = -${CACHE_KIB}; PRAGMA journal_size_limit = ${LOG_BYTES};
        PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
      )
      migrate(database)
    })
  })
}

/**
 * Opens a file to read it only, also while a monitor writes to it. `atOneMoment`: in one transaction, so that nothing
 * changes under the reader; until it is closed the log is not cut back. @throws {StoreError}
 */
export function openForReading(name: string, { atOneMoment = false } = {}): Database {
  return guarded(name, () => {
    const database = new DatabaseSync(name, { timeout: BUSY_MS, readOnly: true })
    return closedOnFailure(database, () => {
      if (atOneMoment) database.exec('BEGIN')
      refuseForeign(database, name)
      const version = numberOf(database, 'PRAGMA user_version')
      if (version !== MIGRATIONS.length)
        throw new StoreError(
          `store ${name} is of version ${version}: expected ${MIGRATIONS.length}; start the monitor once`,
        )
    })
  })
}

/**
 * Takes the sole right to write to a file, until it is closed. The lock is on a file beside it, so that others can still
 * read; it is the system's, so it goes with the process however that ends. @throws {StoreError} when another has it
 */
export function takeLock(name: string): Disposable {
  return guarded(name, () => {
    makeFolder(dirname(name))
    const folder = realpathSync(dirname(name))
    const lock = new DatabaseSync(join(folder, `${basename(name)}-lock`), { timeout: 0 })
    try {
      lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE')
    } catch (error) {
      lock.close()
      if (primaryCode(error) !== 5) throw error
      throw new StoreError(
        `store ${name} is in use: expected no other monitor that writes to it; stop the other, or give this one a store.url of its own`,
        { cause: error },
      )
    }
    return { [Symbol.dispose]: () => void (lock.isOpen && lock.close()) }
  })
}

/** Makes a folder and those above it, one at a time: Node's own way never ends where none can be made, as in `/proc`. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder)
}

/** Where a copy is while it is made: what stands under its own name is whole. */
export function unfinishedCopy(file: string): string {
  return `${file}.part`
}

/** All pages there can be. */
const ALL_PAGES = 2 ** 31 - 1

/**
 * Copies what a file holds now into a new one, while it goes on being written: by a connection of its own and in one
 * step, which sees one moment. @throws {StoreError} about the file, and what `sqliteFailure` knows about the copy
 */
export async function copyInto(name: string, file: string): Promise<void> {
  const source = openForReading(name)
  try {
    await backup(source, file, { rate: ALL_PAGES })
  } finally {
    source.close()
  }
}

/** Bytes that hold something, those of the write-ahead log included. */
export function bytesOf(database: Database, name: string): number {
  const log = statSync(`${name}-wal`, { throwIfNoEntry: false })?.size ?? 0
  return pagesOf(database).used * PAGE_BYTES + log
}

/** Pages in the file that hold something, and those that hold nothing. */
export function pagesOf(database: Database): { used: number; free: number } {
  const free = numberOf(database, 'PRAGMA freelist_count')
  return { used: numberOf(database, 'PRAGMA page_count') - free, free }
}

function migrate(database: Database): void {
  const version = numberOf(database, 'PRAGMA user_version')
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue
    database.exec(
      `BEGIN IMMEDIATE; ${sql}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${index + 1}; COMMIT`,
    )
  }
}

function refuseForeign(database: Database, name: string): void {
  const version = numberOf(database, 'PRAGMA user_version')
  const isOurs = numberOf(database, 'PRAGMA application_id') === APPLICATION_ID
  const tables = numberOf(database, 'SELECT count(*) FROM sqlite_schema')
  if (!isOurs && (tables > 0 || version > 0))
    throw new StoreError(`store ${name} is another program's database: expected ours or no file`)
  if (version > MIGRATIONS.length)
    throw new StoreError(
      `store ${name} is of version ${version}: expected at most ${MIGRATIONS.length}; run the later payer-status that wrote it`,
    )
}

function numberOf(database: Database, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0] ?? 0)
}

function guarded<T>(name: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw sqliteFailure(name, error)
  }
}

function closedOnFailure(database: Database, prepare: () => void): Database {
  try {
    prepare()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function primaryCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null
  return Number(error.errcode) & 0xff
}
