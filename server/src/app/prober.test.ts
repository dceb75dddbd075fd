import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEndpoint, aRefusal, aResult, aServerError } from '../../test/support/builders.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import type { Endpoint } from '../config/config.ts'
import { silentLog } from '../lib/log.ts'
import type { EndpointState, ProbeResult } from '../model.ts'
import { budgetsOf } from './budgets.ts'
import { startProber } from './prober.ts'

const settings = {
  concurrency: 16,
  budgets: budgetsOf({ hostConcurrency: 1, budgets: { host: {}, payer: {} } }),
  vantage: 'us-east',
  control: [],
  userAgent: 'test',
  dnsMaxAge: 60_000,
}

type Answer = (endpoint: Endpoint) => ProbeResult

/** A prober on a fake clock, whose endpoints answer as they are told. */
function aProber(first: Answer) {
  const clock = new FakeClock()
  const states: EndpointState[] = []
  const fresh: boolean[] = []
  let answer = first
  const probes = {
    http: async (endpoint: Endpoint, how: { fresh: boolean }) => {
      fresh.push(how.fresh)
      return answer(endpoint)
    },
  }
  const prober = startProber(
    settings,
    { state: (state) => states.push(state), result: () => {} },
    { clock, random: () => 0.5, log: silentLog, probeId: () => `p${clock.monotonic()}`, probes },
  )
  return {
    clock,
    prober,
    states,
    fresh,
    answer(next: Answer) {
      answer = next
    },
    statusOf: (id: string) => states.findLast(({ endpoint }) => endpoint === id)?.status,
  }
}

/** An observation is a result without what `runProbe` knows itself. */
const answering = (result: ProbeResult) => {
  const { endpoint: _, probe: __, at: ___, attempts: ____, via: _____, ...observation } = result
  return observation as ProbeResult
}
const up: Answer = () => answering(aResult())
const refused: Answer = () => answering(aRefusal())
const failing: Answer = () => answering(aServerError())

const hosts = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    anEndpoint({ id: `p${i}/login`, host: `h${i}`, interval: 60_000 }),
  )

test('a change that is unconfirmed is looked at again after five seconds on a private network', async () => {
  const { clock, prober, answer, statusOf } = aProber(up)
  prober.assign({ endpoints: [anEndpoint({ id: 'aetna/login' })], states: [], reset: [] })
  await clock.advance(70_000)
  const before = statusOf('aetna/login')

  answer(failing)
  await clock.advance(66_000)

  assert.equal(before, 'operational')
  assert.equal(statusOf('aetna/login'), 'down')
})

test('when everything falls silent every state becomes unknown, and nothing was down', async () => {
  const { clock, prober, states, answer } = aProber(up)
  const endpoints = hosts(20)
  prober.assign({ endpoints, states: [], reset: [] })
  await clock.advance(130_000)

  answer(refused)
  await clock.advance(130_000)

  assert.ok(!states.some(({ status }) => status === 'down'))
  for (const { id } of endpoints)
    assert.equal(states.findLast(({ endpoint }) => endpoint === id)?.status, 'unknown')
})

test('when the vantage is back everything is looked at again within seconds', async () => {
  const { clock, prober, answer, statusOf } = aProber(up)
  const endpoints = hosts(20).map((endpoint) => ({ ...endpoint, interval: 120_000 }))
  prober.assign({ endpoints, states: [], reset: [] })
  await clock.advance(260_000)
  answer(refused)
  await clock.advance(600_000)
  const whileOffline = endpoints.map(({ id }) => statusOf(id))

  answer(up)
  await clock.advance(60_000)

  assert.ok(whileOffline.includes('unknown'))
  assert.deepEqual([...new Set(endpoints.map(({ id }) => statusOf(id)))], ['operational'])
})

test('an endpoint that is down is asked ever more rarely with a backoff, and as ever once it answers', async () => {
  const { clock, prober, fresh, answer, statusOf } = aProber(up)
  const backoff = { factor: 2, cap: 3_600_000 }
  prober.assign({ endpoints: [anEndpoint({ backoff })], states: [], reset: [] })
  await clock.advance(130_000)
  answer(failing)
  await clock.advance(70_000)
  const whenDown = statusOf('aetna/eligibility')
  fresh.length = 0

  await clock.advance(900_000)
  const whileDown = fresh.splice(0).length
  answer(up)
  await clock.advance(960_000)
  fresh.length = 0
  await clock.advance(600_000)

  assert.equal(whenDown, 'down')
  assert.equal(whileDown, 3)
  assert.equal(statusOf('aetna/eligibility'), 'operational')
  assert.equal(fresh.length, 10)
})

test('probes that have to wait are counted by what for', async () => {
  const { clock, prober } = aProber(up)
  const endpoints = Array.from({ length: 6 }, (_, i) =>
    anEndpoint({ id: `aetna/${i}`, host: 'aetna.example', network: 'public' }),
  )
  prober.assign({ endpoints, states: [], reset: [] })
  await clock.advance(2_000)

  const metrics = JSON.stringify(await prober.metrics())

  assert.match(metrics, /"reason":"host_rate"},"value":3}.+"reason":"quiet_hours"},"value":0}/)
})

test('every fifth probe, and each after a failure, opens a connection of its own', async () => {
  const { clock, prober, fresh, answer } = aProber(up)
  prober.assign({
    endpoints: [anEndpoint({ interval: 10_000, confirmAfter: 10_000 })],
    states: [],
    reset: [],
  })
  await clock.advance(120_000)
  const healthy = fresh.splice(0)

  answer(failing)
  await clock.advance(40_000)

  assert.equal(healthy[0], true)
  assert.deepEqual(healthy.slice(1, 11), [
    false,
    false,
    false,
    false,
    true,
    false,
    false,
    false,
    false,
    true,
  ])
  assert.ok(fresh.slice(1).every((isFresh) => isFresh))
})

test('an endpoint that is assigned again keeps what is known of it, unless it is reset', async () => {
  const { clock, prober, states, statusOf } = aProber(up)
  const endpoint = anEndpoint()
  prober.assign({ endpoints: [endpoint], states: [], reset: [] })
  await clock.advance(130_000)

  prober.assign({ endpoints: [endpoint], states: [], reset: [] })
  await clock.advance(60_000)
  const kept = statusOf(endpoint.id)
  states.length = 0
  prober.assign({ endpoints: [endpoint], states: [], reset: [endpoint.id] })
  await clock.advance(60_000)

  assert.equal(kept, 'operational')
  assert.equal(states[0]?.memory.recent.length, 1)
})

test('a thread that takes over goes on from the states it is given', async () => {
  const first = aProber(up)
  first.prober.assign({ endpoints: [anEndpoint()], states: [], reset: [] })
  await first.clock.advance(130_000)
  const second = aProber(up)

  second.prober.assign({ endpoints: [anEndpoint()], states: [first.states.at(-1)!], reset: [] })
  await second.clock.advance(60_000)

  assert.equal(second.states[0]?.status, 'operational')
})

test('an endpoint that cannot be probed never is', async () => {
  const { clock, prober, states } = aProber(up)
  prober.assign({ endpoints: [anEndpoint({ notProbeable: 'no address' })], states: [], reset: [] })

  await clock.advance(600_000)

  assert.deepEqual(states, [])
})

test('an answer to a question that is no longer asked says nothing', async () => {
  const { clock, prober, states, answer } = aProber(up)
  let release = (_: ProbeResult) => {}
  const endpoint = anEndpoint()
  prober.assign({ endpoints: [endpoint], states: [], reset: [] })
  answer(
    () =>
      new Promise((resolve) => {
        release = resolve
      }) as unknown as ProbeResult,
  )
  await clock.advance(200)

  prober.assign({ endpoints: [{ ...endpoint, type: 'other' }], states: [], reset: [endpoint.id] })
  release(answering(aServerError()))
  await clock.advance(100)

  assert.deepEqual(states, [])
})

test('a thread that takes over keeps the least gap to the probes of the one before', async () => {
  const first = aProber(up)
  first.prober.assign({ endpoints: [anEndpoint({ network: 'public' })], states: [], reset: [] })
  await first.clock.advance(200)
  const second = aProber(up)

  second.prober.assign({
    endpoints: [anEndpoint({ network: 'public' })],
    states: [first.states.at(-1)!],
    reset: [],
  })
  await second.clock.advance(50_000)

  assert.deepEqual(second.states, [])
})
