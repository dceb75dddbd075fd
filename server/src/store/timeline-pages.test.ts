import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aBatch, aRow, aStore, HOUR, MINUTE, START } from '../../test/support/a-store.ts'
import { MemoryDriver } from './memory-driver.ts'

/** Counts the rows of timelines that are read. */
class Counting extends MemoryDriver {
  rows = 0

  override async timeline(...asked: Parameters<MemoryDriver['timeline']>) {
    const rows = await super.timeline(...asked)
    this.rows += rows.length
    return rows
  }
}

const STATUSES = ['operational', 'down', 'down', 'degraded'] as const
const CHANGES = 400
const END = START + CHANGES * HOUR

/** An endpoint that is told of every hour, and that says nothing for half a day now and then, and at the end. */
async function aTold() {
  const driver = new Counting()
  const place = { driver: async () => driver, async [Symbol.asyncDispose]() {} }
  const store = await aStore(place)
  await store.restore('e1')
  for (let hour = 0; hour < CHANGES; hour++) {
    const at = START + hour * HOUR
    const isSilent = hour % 60 > 48 || hour > CHANGES - 5
    const status = STATUSES[hour % STATUSES.length] ?? 'down'
    const results = isSilent ? [] : [aRow({ at, intervalMs: 20 * MINUTE })]
    store.clock.jump(HOUR)
    await store.write(
      aBatch({ results, timeline: [{ endpoint: 'a/x', at, status, planned: false }] }),
    )
  }
  driver.rows = 0
  return { driver, store }
}

for (const limit of [1, 2, 7, 50, 1_000])
  test(`a timeline read ${limit} at a time is the same as at once`, async () => {
    const { store } = await aTold()
    const asked = { endpoint: 'a/x', from: START + 30 * MINUTE, to: END }
    const whole = await store.timeline(asked)

    const rows: typeof whole = []
    for (let from = asked.from; ; ) {
      const page = await store.timeline({ ...asked, from, limit: limit + 1 })
      const fresh = page.filter(({ at }) => at > (rows.at(-1)?.at ?? 0))
      rows.push(...fresh)
      from = rows.at(-1)?.at ?? END
      if (fresh.length < limit) break
    }

    assert.ok(whole.length > 200, `${whole.length} rows`)
    assert.equal(whole.at(-1)?.status, 'unknown')
    assert.deepEqual(rows, whole)
  })

test('of a long timeline a page is read, not the rest', async () => {
  const { driver, store } = await aTold()

  const page = await store.timeline({ endpoint: 'a/x', from: START, to: END, limit: 10 })

  assert.equal(page.length, 10)
  assert.ok(driver.rows < 40, `${driver.rows} rows`)
})
