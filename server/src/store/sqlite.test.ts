import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { driverContract } from '../../test/support/driver-contract.ts'
import { openSqlite } from './sqlite.ts'

/** A file that is not there yet, in a folder that is not there yet. */
function aFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'payer-status-store-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'data/store.db')
}

driverContract('sqlite', async (t) => {
  const file = aFile(t)
  return async () => openSqlite(file)
})
