import { StoreError } from '../lib/errors.ts'
import type { Driver } from './driver.ts'
import { openSqlite } from './sqlite.ts'

/**
 * `readOnly`: only to read what is there, also while a monitor writes to it. `atOneMoment`: the same, and all that is read
 * is as it was when the first of it was read.
 */
export type OpenOptions = { readOnly?: boolean; atOneMoment?: boolean }

/** Opens what `store.url` names; SQLite's path counts from the working directory. @throws {StoreError} */
export async function openDriver(url: string, options: OpenOptions = {}): Promise<Driver> {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length), options)
  if (/^postgres(?:ql)?:\/\//.test(url)) {
    const { openPostgres } = await import('./postgres.ts') // its client takes as long to load as all the rest
    return openPostgres(url, options)
  }
  throw new StoreError('store.url: expected "sqlite:PATH" or "postgres://..."')
}
