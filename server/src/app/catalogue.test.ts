import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEndpoint } from '../../test/support/builders.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { bad, judgeAll, MINUTE, START, up } from '../../test/support/judged.ts'
import type { Config, Endpoint } from '../config/config.ts'
import { Secret } from '../lib/secret.ts'
import type { EndpointState, LogRecord } from '../model.ts'
import type { Assignment } from '../ports.ts'
import { Catalogue } from './catalogue.ts'

/** A configuration of these endpoints; only what the catalogue looks at is there. */
function configOf(endpoints: readonly Endpoint[], vantage = 'us-east'): Config {
  const payers = [...new Set(endpoints.map(({ payer }) => payer))].map((payer) => ({ payer }))
  return { payers, endpoints, probing: { vantage } } as unknown as Config // safe: see above
}

/** A catalogue that begins `ago` ms after these states were last published. */
function begun(
  endpoints: readonly Endpoint[],
  { states = [], ago = 0, vantage }: { states?: EndpointState[]; ago?: number; vantage?: string },
) {
  const clock = new FakeClock(START + ago)
  const board = new Map(states.map((state) => [state.endpoint, state]))
  const published: LogRecord[] = []
  const payers: string[] = []
  let assigned: Assignment | undefined
  const catalogue = new Catalogue({
    clock,
    prober: {
      assign(assignment) {
        assigned = assignment
      },
    },
    stateOf: (id) => board.get(id),
    known: () => ({
      endpoints: [...board.keys()],
      payers: states.map(({ payer }) => payer),
    }),
    publish(record) {
      published.push(record)
      if (record.kind === 'endpoint' && record.value) board.set(record.id, record.value)
    },
    onPayer: (id) => void payers.push(id),
  })
  catalogue.begin(configOf(endpoints, vantage))
  return { published, payers, assigned, now: board.get(endpoints[0]?.id ?? '') }
}

/** What is known of an endpoint after these results, a minute apart, with the question it was asked. */
function known(results: Parameters<typeof judgeAll>[0], endpoint = anEndpoint()): EndpointState {
  const first = begun([endpoint], {}).now
  const state = judgeAll(results, endpoint).at(-1)
  if (state === undefined || first?.question === undefined) throw new Error('nothing is known')
  return { ...state, question: first.question }
}

test('an endpoint that is asked the same keeps its state, and the prober goes on from it', () => {
  const state = known([up, up, bad])

  const { published, assigned } = begun([anEndpoint()], { states: [state], ago: 4 * MINUTE })

  assert.deepEqual(published, [])
  assert.deepEqual(assigned?.states, [state])
  assert.deepEqual(assigned?.reset, [])
})

test('what is secret of a question may change', () => {
  const before = anEndpoint({ url: new Secret('http://127.0.0.1:1/eligibility?key=1') })
  const headers = [['x-key', new Secret('one')]] as const
  const state = known([up, up], { ...before, headers })
  const after = anEndpoint({
    url: new Secret('http://127.0.0.1:1/eligibility?key=2'),
    headers: [['x-key', new Secret('two')]],
  })

  assert.deepEqual(begun([after], { states: [state] }).published, [])
})

for (const [what, parts] of Object.entries({
  path: { shownUrl: 'http://127.0.0.1:1/other' },
  method: { method: 'POST' },
  expectation: { expect: { json: [['status', 'ok']] } },
  header: { headers: [['accept', new Secret('x')]] },
} satisfies Record<string, Partial<Endpoint>>))
  test(`an endpoint that is asked with another ${what} begins anew`, () => {
    const { now, assigned } = begun([anEndpoint(parts)], { states: [known([up, up])] })

    assert.deepEqual([now?.status, now?.reason?.kind], ['unknown', 'unconfirmed'])
    assert.deepEqual(assigned?.states, [now])
  })

test('an endpoint that is asked from another place begins anew', () => {
  const { now } = begun([anEndpoint()], { states: [known([up, up])], vantage: 'eu-west' })

  assert.deepEqual([now?.status, now?.vantage], ['unknown', 'eu-west'])
})

test('a new name of the payer is told, and the state stays', () => {
  const state = known([up, up])

  const { published, now } = begun([anEndpoint({ payerName: 'Aetna Inc.' })], { states: [state] })

  assert.equal(published.length, 1)
  assert.deepEqual(now, { ...state, payerName: 'Aetna Inc.' })
})

test('who left while the monitor was not running is withdrawn, and the payer is looked at again', () => {
  const states = [known([up, up]), { ...known([up, up]), endpoint: 'cigna/login', payer: 'cigna' }]

  const { published, payers } = begun([anEndpoint()], { states })

  assert.deepEqual(published, [{ kind: 'endpoint', id: 'cigna/login', value: null }])
  assert.deepEqual(payers.sort(), ['aetna', 'cigna'])
})

test('after a long pause nothing is known any more, since the time that it was too old', () => {
  const states = [known([up, up, up])] // the last of them three minutes after the start

  const young = begun([anEndpoint()], { states, ago: 18 * MINUTE })
  const old = begun([anEndpoint()], { states, ago: 18 * MINUTE + 1 })

  assert.deepEqual([young.now?.status, young.published], ['operational', []])
  assert.deepEqual([old.now?.status, old.now?.reason?.kind], ['unknown', 'stale'])
  assert.equal(old.now?.since, START + 18 * MINUTE)
  assert.deepEqual(old.assigned?.states, [old.now])
})

test('a pause is long after three intervals, for what is asked less often', () => {
  const endpoint = anEndpoint({ interval: 60 * MINUTE })
  const states = [known([up, up], endpoint)]

  assert.equal(begun([endpoint], { states, ago: 182 * MINUTE }).now?.status, 'operational')
  assert.equal(begun([endpoint], { states, ago: 183 * MINUTE }).now?.status, 'unknown')
})

test('of what was seen before a long pause only the good is believed', () => {
  const { now } = begun([anEndpoint()], { states: [known([up, bad, bad])], ago: 60 * MINUTE })

  assert.equal(now?.status, 'unknown')
  assert.deepEqual(
    now?.memory.recent.map(({ health }) => health),
    ['healthy'],
  )
})
