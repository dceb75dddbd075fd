/** What every store does, whatever database is below: called once for each. */
import { test } from 'node:test'
import type { Place } from './a-store.ts'
import { HISTORY } from './store-contract-history.ts'
import { LOG } from './store-contract-log.ts'

/** Runs the tests over databases that `open` makes, each new and empty. */
export function storeContract(name: string, open: () => Promise<Place>): void {
  for (const [behaviour, run] of Object.entries({ ...LOG, ...HISTORY }))
    test(`${name}: ${behaviour}`, async () => {
      await using place = await open()
      await run(place)
    })
}
