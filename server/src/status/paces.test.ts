import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEndpoint, aResult, aServerError } from '../../test/support/builders.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { Paces } from './paces.ts'

const MINUTE = 60_000
const portal = anEndpoint({ capability: 'provider_portal' })

async function paced(endpoint: typeof portal, latencies: readonly number[]) {
  const clock = new FakeClock()
  const paces = new Paces(clock)
  let slow: boolean | undefined
  for (const latencyMs of latencies) {
    slow = paces.observe(endpoint, aResult({ latencyMs }))
    await clock.advance(MINUTE)
  }
  return { clock, paces, slow }
}

test('two answers say nothing, three do', async () => {
  assert.equal((await paced(portal, [30_000, 30_000])).slow, undefined)
  assert.equal((await paced(portal, [30_000, 30_000, 30_000])).slow, true)
  assert.equal((await paced(portal, [10, 10, 10])).slow, false)
})

test('one slow answer of ten is at the percentile, two are above', async () => {
  const one = [...Array(9).fill(10), 10_001]
  const two = [...Array(8).fill(10), 10_001, 10_001]

  assert.equal((await paced(portal, one)).slow, false)
  assert.equal((await paced(portal, two)).slow, true)
})

test('what someone waits for may take twenty seconds, all else ten', async () => {
  const latencies = [15_000, 15_000, 15_000]

  assert.equal((await paced(anEndpoint({ capability: 'eligibility' }), latencies)).slow, false)
  assert.equal((await paced(anEndpoint({ capability: null }), latencies)).slow, true)
})

test('answers of more than a quarter of an hour ago do not count, and failures never do', async () => {
  const { clock, paces } = await paced(portal, [30_000, 30_000, 30_000])
  await clock.advance(13 * MINUTE)

  assert.equal(paces.observe(portal, aServerError({ latencyMs: 30_000 })), false)
})

test('what is no longer probed is forgotten', async () => {
  const { paces } = await paced(portal, [30_000, 30_000, 30_000])

  paces.keepOnly(new Set())

  assert.equal(paces.observe(portal, aResult({ latencyMs: 30_000 })), undefined)
})
