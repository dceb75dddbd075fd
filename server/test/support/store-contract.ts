/** What every store does, whatever database is below: called once for each. */
import { type TestContext, test } from 'node:test'
import type { Place } from './a-store.ts'
import { HISTORY } from './store-contract-history.ts'
import { LOG } from './store-contract-log.ts'

/** Runs the tests over databases that `open` makes, each new and empty; or says what is missing for that. */
export function storeContract(name: string, open: () => Promise<Place | string>): void {
  for (const [behaviour, run] of Object.entries({ ...LOG, ...HISTORY }))
    test(`${name}: ${behaviour}`, async (t: TestContext) => {
      const opened = await open()
      if (typeof opened === 'string') return t.skip(`not run: ${opened}`)
      await using place = opened
      await run(place)
    })
}
