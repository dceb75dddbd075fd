import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { aLossyWire } from '../../test/support/a-lossy-wire.ts'
import type { Postgres } from '../../test/support/a-postgres.ts'
import { aBatch, aRow, aStore, DAY, HOUR, MINUTE, START } from '../../test/support/a-store.ts'
import { onPostgres } from '../../test/support/on-postgres.ts'
import { openPostgres } from './postgres.ts'

const SPAN = { endpoint: 'a/x', from: START, to: START + DAY }

/** A store that reaches its server by a way on which answers get lost. */
async function aFarStore(postgres: Postgres, parts: AsyncDisposableStack) {
  const wire = parts.use(await aLossyWire(postgres.socket))
  const url = wire.urlOf(await postgres.database())
  const place = { driver: () => openPostgres(url), async [Symbol.asyncDispose]() {} }
  const store = parts.use(await aStore(place))
  await store.restore('e1')
  return { wire, store }
}

onPostgres('a batch is written once though the answer to its COMMIT was lost', async (postgres) => {
  await using parts = new AsyncDisposableStack()
  const { wire, store } = await aFarStore(postgres, parts)
  const batch = aBatch({ id: '1.1', results: [aRow()], rev: 10 })

  wire.loseCommit(1)
  await assert.rejects(store.write(batch), { isUnsure: true, isPassing: true })
  wire.mend()
  await untilDone(() => store.write(batch))
  await store.write(aBatch({ id: '1.2', results: [aRow({ at: START + MINUTE })], rev: 20 }))

  const results = await store.results({ ...SPAN, limit: 9 })
  assert.deepEqual(
    results.map(({ at }) => at),
    [START + MINUTE, START],
  )
})

onPostgres('results are packed once though the answer to a COMMIT was lost', async (postgres) => {
  await using parts = new AsyncDisposableStack()
  const { wire, store } = await aFarStore(postgres, parts)
  const results = Array.from({ length: 9 }, (_, i) => aRow({ at: START + i * MINUTE }))
  await store.write(aBatch({ id: '1.1', results }))
  store.clock.jump(HOUR)

  wire.loseCommit(2) // the first begins the round
  await assert.rejects(store.tidy(), { isUnsure: true })
  wire.mend()
  await untilDone(() => store.tidy())

  const steps = await store.latency({ ...SPAN, stepMs: HOUR })
  assert.equal((await store.results({ ...SPAN, limit: 99 })).length, 9)
  assert.deepEqual(
    steps.map(({ count }) => count),
    [9],
  )
})

/** Tries until it works: a server may take a moment to see that a session has ended. */
async function untilDone(run: () => Promise<void>): Promise<void> {
  const isDone = () =>
    run().then(
      () => true,
      () => false,
    )
  while (!(await isDone())) await setImmediate()
}
