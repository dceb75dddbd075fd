import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { aRefusal, aResult } from '../../test/support/builders.ts'
import { bad, closed, limited, slow, up } from '../../test/support/judged.ts'
import { endpointOf, KeeperHouse, MINUTE } from '../../test/support/keeper-house.ts'
import type { IncidentRecord } from '../model.ts'
import { conditionOf, needsIncident } from './condition.ts'

const gone = aResult({
  statusCode: 404,
  verdict: 'down',
  attribution: 'payer',
  codes: ['HTTP:404'],
  failure: { kind: 'http_4xx', message: 'expected status 200-399, got 404' },
})
const RESULTS = [up, bad, slow, closed, limited, gone, aRefusal()]

const ENDPOINTS = [
  endpointOf('a/eligibility', { host: 'one.hub.example:443' }),
  endpointOf('a/search', { type: 'patient_search', host: 'one.hub.example:443' }),
  endpointOf('a/login', { type: 'login', capability: 'provider_portal', host: 'a.example:443' }),
  endpointOf('b/eligibility', { host: 'one.hub.example:443', via: 'hub' }),
  endpointOf('b/claims', {
    type: 'claims',
    capability: 'claims_submission',
    host: 'two.hub.example:443',
    via: 'hub',
  }),
  endpointOf('c/eligibility', { host: 'two.hub.example:443', via: 'hub' }),
  endpointOf('d/eligibility', { host: 'three.hub.example:443', via: 'hub' }),
]
const which = fc.nat({ max: ENDPOINTS.length - 1 })

/** Long runs of the same, so that outages, recoveries and flapping all come. */
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('see' as const),
      which: fc.array(which, { minLength: 1, maxLength: 7 }),
      result: fc.constantFrom(...RESULTS),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      minutes: fc.integer({ min: 1, max: 70 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('jump' as const),
      minutes: fc.integer({ min: -60, max: 120 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('toggle' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('note' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const TAKE: { [Do in Step['do']]: (house: KeeperHouse, one: Extract<Step, { do: Do }>) => void } = {
  see(house, one) {
    for (let i = 0; i < one.times; i++) {
      for (const at of new Set(one.which)) house.see(ENDPOINTS[at]!.id, one.result)
      house.pass(MINUTE)
    }
  },
  pass: (house, { minutes }) => house.pass(minutes * MINUTE),
  jump(house, { minutes }) {
    house.now += minutes * MINUTE
  },
  restart: (house) => house.restart(),
  toggle(house, one) {
    const endpoint = ENDPOINTS[one.which]!
    if (house.endpoints.has(endpoint.id)) house.remove(endpoint.id)
    else house.add(endpoint)
  },
  note(house) {
    const [first] = house.open
    if (first) house.write({ ...first, acknowledgedBy: 'ann' })
  },
}

function take(house: KeeperHouse, one: Step): void {
  const act = TAKE[one.do] as (house: KeeperHouse, one: Step) => void // safe: found by its own name
  act(house, one)
}

const WIDER = ['endpoint', 'payer', 'host', 'platform', 'intermediary']

/** What must be true after every step, whatever happened. */
function check(house: KeeperHouse): void {
  house.settle()
  for (const [id, state] of house.states) {
    const own = house.ofEndpoint(id)
    assert.ok(own.length <= 1, `${id} has one incident at most`)
    if (needsIncident(state)) assert.equal(own.length, 1, `${id} is wrong and has an incident`)
  }
  const incidents = new Map(house.incidents.map((incident) => [incident.id, incident]))
  for (const incident of house.open) {
    assert.ok(hasReason(house, incident), `${incident.key} is open for a reason`)
    if (incident.parent === null) continue
    const parent = incidents.get(incident.parent)
    assert.ok(parent, 'a parent exists')
    assert.ok(WIDER.indexOf(parent.scope) > WIDER.indexOf(incident.scope), 'and is wider')
  }
  assert.equal(house.openCount, house.open.length)
}

function hasReason(house: KeeperHouse, { id, scope, endpoints }: IncidentRecord): boolean {
  if (scope !== 'endpoint') return house.open.some(({ parent }) => parent === id)
  return endpoints.some((endpoint) => {
    const state = house.states.get(endpoint)
    return state !== undefined && conditionOf(state) !== 'well'
  })
}

function checkHistory({ told }: KeeperHouse): void {
  const taken = new Set<string>()
  for (const { id, openedAt, confirmedAt, resolvedAt, acknowledgedBy, status, endpoints } of told) {
    assert.ok(confirmedAt !== null && openedAt <= confirmedAt)
    assert.ok(resolvedAt === null || confirmedAt <= resolvedAt)
    assert.equal(status === 'resolved', resolvedAt !== null)
    assert.equal(new Set(endpoints).size, endpoints.length)
    if (acknowledgedBy !== null) taken.add(id)
    assert.equal(acknowledgedBy !== null, taken.has(id), 'what people wrote stays')
  }
}

test('whatever is seen, in whatever order, incidents say what is wrong and nothing else', async () => {
  await fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const house = new KeeperHouse(ENDPOINTS)
      for (const one of steps) {
        take(house, one)
        check(house)
      }
      checkHistory(house)
    }),
    { numRuns: 150 },
  )
})

test('whatever was seen, all is over once everything has worked for hours', async () => {
  await fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const house = new KeeperHouse(ENDPOINTS)
      for (const one of steps) take(house, one)
      house.minutes(240, (_, minute) => (minute % 3 === 0 ? up : undefined))

      assert.deepEqual(house.open, [])
    }),
    { numRuns: 30 },
  )
})
