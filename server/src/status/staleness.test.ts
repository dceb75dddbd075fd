import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEndpoint, aResult, aServerError } from '../../test/support/builders.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import type { EndpointState } from '../model.ts'
import { initialState } from './judge.ts'
import { Staleness } from './staleness.ts'

const MINUTE = 60_000

function aWatch(count = 1) {
  const clock = new FakeClock()
  const states = new Map<string, EndpointState>()
  const stale: EndpointState[] = []
  for (let i = 0; i < count; i++) {
    const endpoint = anEndpoint({ id: `aetna/${i}` })
    const memory = { recent: [], changes: [], reached: true }
    const state = { ...initialState(endpoint, 'local', clock.now()), memory }
    states.set(endpoint.id, { ...state, status: 'operational' })
  }
  const staleness = new Staleness({
    clock,
    endpoint: (id) => anEndpoint({ id }),
    states,
    onStale: (after) => {
      stale.push(after)
      states.set(after.endpoint, after)
    },
  })
  const round = () => {
    for (let i = 0; i < 12; i++) staleness.sweep()
  }
  return { clock, states, stale, staleness, round }
}

test('an endpoint of which nothing comes for a quarter of an hour is unknown, though no result says so', async () => {
  const { clock, stale, staleness, round } = aWatch()
  staleness.observe('aetna/0', aResult())
  await clock.advance(15 * MINUTE)
  round()
  const early = stale.length
  await clock.advance(1)

  round()
  round()

  assert.equal(early, 0)
  assert.equal(stale.length, 1)
  assert.equal(stale[0]?.status, 'unknown')
  assert.equal(stale[0]?.reason?.kind, 'stale')
  assert.equal(stale[0]?.since, clock.now())
})

test('what is inconclusive keeps nothing alive, what is conclusive does', async () => {
  const { clock, stale, staleness, round } = aWatch(2)
  for (let i = 0; i < 20; i++) {
    staleness.observe('aetna/0', aServerError())
    staleness.observe('aetna/1', aResult({ verdict: 'unknown', attribution: 'path' }))
    round()
    await clock.advance(MINUTE)
  }

  assert.deepEqual(
    stale.map(({ endpoint }) => endpoint),
    ['aetna/1'],
  )
})

test('a correction of the clock makes nothing stale', () => {
  const { clock, stale, staleness, round } = aWatch()
  staleness.observe('aetna/0', aResult())

  clock.jump(120 * MINUTE)
  round()
  clock.jump(-180 * MINUTE)
  round()

  assert.deepEqual(stale, [])
})

test('after a restart an endpoint is as stale as its latest result is old', () => {
  const { clock, states, stale, round } = aWatch()
  const state = states.get('aetna/0')!
  const sample = { at: clock.now() - 16 * MINUTE, witnessed: true, reason: null }
  const recent = [{ ...sample, health: 'healthy' as const }]
  states.set('aetna/0', { ...state, memory: { ...state.memory, recent } })

  round()

  assert.equal(stale.length, 1)
})

test('a sweep looks at a twelfth of the endpoints, twelve of them at each', async () => {
  const { clock, stale, staleness, round } = aWatch(1_200)
  round()
  await clock.advance(16 * MINUTE)

  staleness.sweep()
  const first = stale.length
  round()

  assert.equal(first, 100)
  assert.equal(new Set(stale.map(({ endpoint }) => endpoint)).size, 1_200)
})
