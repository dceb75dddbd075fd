import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  aBatch,
  aRow,
  aStore,
  DAY,
  HOUR,
  MINUTE,
  type Place,
  START,
} from '../../test/support/a-store.ts'
import { StoreError } from '../lib/errors.ts'
import type { Work } from './driver.ts'
import { MemoryDriver } from './memory-driver.ts'

const SPAN = { from: START, to: START + DAY }
/** Commits that restoring takes. */
const RESTORE = 1

/** A database in memory that does what it is told; the answer to its nth commit is lost. */
class Forgetful extends MemoryDriver {
  commits = 0
  readonly #lost: number

  constructor(lost: number) {
    super()
    this.#lost = lost
  }

  override async commit(work: Work): Promise<void> {
    await super.commit(work)
    if (++this.commits === this.#lost) throw new StoreError('nobody knows', { isUnsure: true })
  }
}

function placeOf(driver: MemoryDriver): Place {
  return { driver: async () => driver, async [Symbol.asyncDispose]() {} }
}

test('a batch whose answer was lost is written once, however often it is sent', async () => {
  await using store = await aStore(placeOf(new Forgetful(RESTORE + 1)))
  await store.restore('e1')
  const batch = aBatch({ id: '1.1', results: [aRow()], rev: 10 })

  await assert.rejects(store.write(batch), { isUnsure: true })
  await store.write(batch)
  await store.write(aBatch({ id: '1.2', results: [aRow({ at: START + MINUTE })], rev: 20 }))
  const results = await store.results({ ...SPAN, endpoint: 'a/x', limit: 9 })

  assert.deepEqual(
    results.map(({ at }) => at),
    [START + MINUTE, START],
  )
})

test('a batch whose answer was lost is not written again by the store that is opened next', async () => {
  const place = placeOf(new Forgetful(RESTORE + 1))
  const first = await aStore(place)
  await first.restore('e1')
  const batch = aBatch({ id: '1.1', results: [aRow()] })
  await assert.rejects(first.write(batch))

  await using second = await aStore(place)
  await second.restore('e2')
  await second.write(batch)

  assert.equal((await second.results({ ...SPAN, endpoint: 'a/x', limit: 9 })).length, 1)
})

test('nothing is done twice, of the work by the hour and the day too, whichever answer is lost', async () => {
  const undisturbed = await figuresWithout(0)
  assert.ok(undisturbed.commits > 30, `${undisturbed.commits} commits`)
  for (let lost = RESTORE + 1; lost <= undisturbed.commits; lost++) {
    const disturbed = await figuresWithout(lost)

    assert.deepEqual(disturbed.told, undisturbed.told, `commit ${lost}`)
  }
})

/** What is told of two days of an endpoint, all packed, where the answer to one commit was lost. */
async function figuresWithout(lost: number) {
  const driver = new Forgetful(lost)
  await using store = await aStore(placeOf(driver))
  await store.restore('e1')
  const again = (run: () => Promise<void>) => run().catch(run)
  for (let hour = 0; hour < 54; hour += 6) {
    const at = (i: number) => START + hour * HOUR + i * 10 * MINUTE
    const results = Array.from({ length: hour < 48 ? 36 : 1 }, (_, i) => aRow({ at: at(i) }))
    const timeline = [
      {
        endpoint: 'a/x',
        at: at(0),
        status: hour % 4 === 0 ? 'down' : 'operational',
        planned: false,
      } as const,
    ]
    store.clock.jump(6 * HOUR)
    await again(() => store.write(aBatch({ id: `1.${hour}`, results, timeline })))
    await again(() => store.tidy())
  }
  const asked = { from: START, to: START + 2 * DAY, endpoint: 'a/x' }
  const told = {
    results: await store.results({ ...asked, limit: 1_000 }),
    hours: await store.latency({ ...asked, stepMs: HOUR }),
    minutes: await store.latency({ ...asked, stepMs: 10 * MINUTE }),
    timeline: await store.timeline(asked),
    days: await store.days(asked),
  }
  return { told, commits: driver.commits }
}
