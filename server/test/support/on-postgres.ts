import { after, type TestContext, test } from 'node:test'
import { aPostgres, NEEDS_POSTGRES, type Postgres } from './a-postgres.ts'

// One server for all: starting it takes longer than they do.
let started: Promise<Postgres | null> | undefined
after(async () => (await started)?.[Symbol.asyncDispose]())

/** The server of all tests in this process; null where PostgreSQL is not installed. */
export function thePostgres(): Promise<Postgres | null> {
  started ??= aPostgres()
  return started
}

/** A test that needs it. */
export function onPostgres(name: string, run: (postgres: Postgres) => Promise<void>): void {
  test(`postgres: ${name}`, async (t: TestContext) => {
    const postgres = await thePostgres()
    if (postgres === null) return t.skip(`not run: ${NEEDS_POSTGRES}`)
    return run(postgres)
  })
}
