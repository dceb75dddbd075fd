import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NEEDS_POSTGRES } from '../../test/support/a-postgres.ts'
import { thePostgres } from '../../test/support/on-postgres.ts'
import { storeContract } from '../../test/support/store-contract.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

storeContract('sqlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'payer-status-contract-'))
  return {
    driver: async () => openSqlite(join(folder, 'history.db')),
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
})

storeContract('postgres', async () => {
  const postgres = await thePostgres()
  if (postgres === null) return NEEDS_POSTGRES
  const url = await postgres.database()
  return { driver: () => openPostgres(url), async [Symbol.asyncDispose]() {} }
})
