import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Incident } from '@payer-status/protocol'
import { aResult } from '../../test/support/builders.ts'
import { bad, slow, up } from '../../test/support/judged.ts'
import { endpointOf, KeeperHouse, MINUTE } from '../../test/support/keeper-house.ts'

const gone = aResult({
  statusCode: 404,
  verdict: 'down',
  attribution: 'payer',
  codes: ['HTTP:404'],
  failure: { kind: 'http_4xx', message: 'expected status 200-399, got 404' },
})
const silent = aResult({
  statusCode: null,
  verdict: 'down',
  attribution: 'payer',
  codes: ['timeout.ttfb'],
  failure: { kind: 'timeout', message: 'no first byte in time' },
})

/** One endpoint that works. */
function aHouse(...others: Parameters<typeof endpointOf>[]) {
  const house = new KeeperHouse([
    endpointOf('aetna/eligibility'),
    ...others.map(([id, parts]) => endpointOf(id, parts)),
  ])
  house.minutes(2, () => up)
  return house
}

test('an endpoint that goes down opens an incident in its final shape', () => {
  const house = aHouse()
  const began = house.now
  house.minutes(2, () => bad)

  const [incident] = house.open
  assert.ok(incident)
  Incident.parse({ ...incident, rev: 1 })
  assert.equal(house.openCount, 1)
  assert.equal(Date.parse(incident.openedAt), began)
  assert.equal(Date.parse(incident.confirmedAt ?? ''), began + MINUTE)
  assert.deepEqual(
    [incident.status, incident.severity, incident.scope, incident.key],
    ['identified', 'major', 'endpoint', 'aetna|eligibility|direct|application'],
  )
  assert.deepEqual(incident.cause.counts, { 'HTTP:500': 2 })
})

test('what users can do without, and what may only have moved, is minor', () => {
  const house = aHouse(['cigna/api', { type: 'api', capability: 'portal_api' }])
  house.minutes(3, (id) => (id === 'cigna/api' ? bad : gone))

  assert.deepEqual(
    house.open.map(({ severity }) => severity),
    ['minor', 'minor'],
  )
})

test('bad results are counted by code, and told when a count has doubled and at the end', () => {
  const house = aHouse()
  house.minutes(2, () => bad)
  const before = house.told.length

  house.minutes(30, () => bad)
  const meanwhile = house.told.slice(before).map(({ cause }) => cause.counts?.['HTTP:500'])
  house.minutes(2, () => up)

  assert.deepEqual(meanwhile, [4, 8, 16, 32])
  assert.deepEqual(house.incidents[0]?.cause.counts, { 'HTTP:500': 32 })
})

test('an incident follows what is wrong within an outage, and keeps its key', () => {
  const house = aHouse()
  house.minutes(2, () => bad)
  house.minutes(2, () => silent)

  assert.equal(house.open[0]?.cause.kind, 'timeout')
  assert.deepEqual(house.open[0]?.cause.codes, ['timeout.ttfb'])
  assert.equal(house.open[0]?.key, 'aetna|eligibility|direct|application')
})

test('the first healthy answer makes it monitoring, a failure takes that back, the recovery resolves it', () => {
  const house = aHouse()
  house.minutes(2, () => bad)
  house.minutes(1, () => up)
  const monitoring = house.open[0]?.status
  house.minutes(1, () => bad)
  const again = house.open[0]?.status
  house.minutes(2, () => up)

  assert.deepEqual([monitoring, again], ['monitoring', 'identified'])
  assert.equal(house.incidents.length, 1)
  assert.equal(house.incidents[0]?.status, 'resolved')
  assert.equal(Date.parse(house.incidents[0]?.resolvedAt ?? ''), house.now - MINUTE)
  assert.deepEqual(house.incidents[0]?.advice, { action: 'proceed' })
  assert.equal(house.openCount, 0)
})

test('an endpoint that becomes unknown keeps its incident: nobody saw it recover', () => {
  const house = aHouse()
  house.minutes(2, () => bad)
  const before = house.told.length
  house.minutes(20, () => aResult({ verdict: 'unknown', attribution: 'path' }))

  assert.equal(house.states.get('aetna/eligibility')?.status, 'unknown')
  assert.equal(house.told.length, before)
  assert.equal(house.openCount, 1)
})

test('endpoints of one payer, capability and route that fail alike have one incident, until all are well', () => {
  const house = aHouse(['aetna/search', { type: 'patient_search' }])
  house.minutes(2, () => bad)
  const [both] = house.open
  house.minutes(2, (id) => (id === 'aetna/search' ? bad : up))
  const afterOne = house.open.length
  house.minutes(2, () => up)

  assert.deepEqual(both?.endpoints, ['aetna/eligibility', 'aetna/search'])
  assert.deepEqual(both?.types, ['eligibility', 'patient_search'])
  assert.equal(afterOne, 1)
  assert.equal(house.incidents.length, 1)
  assert.equal(house.openCount, 0)
})

test('within half an hour the same outage is opened again, after that another', () => {
  const house = aHouse()
  const outage = () => house.minutes(2, () => bad)
  const recovery = () => house.minutes(2, () => up)
  outage()
  recovery()
  house.minutes(28, () => up)
  outage()
  const again = house.open[0]
  recovery()
  house.minutes(31, () => up)
  outage()

  assert.equal(house.incidents.length, 2)
  assert.equal(again?.id, house.incidents[0]?.id)
  assert.equal(again?.resolvedAt, null)
  assert.equal(again?.openedAt, house.incidents[0]?.openedAt)
  assert.deepEqual(again?.cause.counts, { 'HTTP:500': 4 })
  assert.deepEqual(
    house.open.map(({ id }) => id),
    [house.incidents[1]?.id],
  )
})

test('what is degraded for half an hour is a minor incident, since it began', () => {
  const house = aHouse()
  const began = house.now
  house.minutes(30, () => slow)
  const early = house.openCount
  house.minutes(1, () => slow)

  assert.equal(early, 0)
  assert.equal(house.open[0]?.severity, 'minor')
  assert.equal(house.open[0]?.key, 'aetna|eligibility|direct|degraded')
  assert.equal(Date.parse(house.open[0]?.openedAt ?? ''), began)
})

test('what only wants to be looked at opens no incident, however long it degrades', () => {
  const old = aResult({
    verdict: 'degraded',
    attribution: 'payer',
    codes: ['tls.version'],
    failure: { kind: 'tls_protocol', message: 'no TLS version of 1.2 or later' },
  })
  const house = aHouse()
  house.minutes(120, () => old)

  assert.equal(house.states.get('aetna/eligibility')?.status, 'degraded')
  assert.deepEqual(house.incidents, [])
})

test('what is degraded and then goes down stays one incident, which becomes an outage', () => {
  const house = aHouse()
  house.minutes(40, () => slow)
  house.minutes(3, () => bad)
  const [incident] = house.open
  house.minutes(2, () => up)

  assert.equal(incident?.severity, 'major')
  assert.equal(incident?.key, 'aetna|eligibility|direct|application')
  assert.equal(house.incidents.length, 1)
  assert.equal(house.openCount, 0)
})

test('an endpoint that leaves the catalogue takes its incident with it, one of several does not', () => {
  const house = aHouse(['aetna/search', { type: 'patient_search' }])
  house.minutes(2, () => bad)

  house.remove('aetna/eligibility')
  const afterOne = house.openCount
  house.remove('aetna/search')

  assert.equal(afterOne, 1)
  assert.equal(house.openCount, 0)
  assert.equal(house.incidents[0]?.status, 'resolved')
})

test('an incident follows its endpoint to the type that a reload gives it, so that filters find both', () => {
  const house = aHouse()
  house.minutes(2, () => bad)
  house.endpoints.set('aetna/eligibility', endpointOf('aetna/eligibility', { type: '270' }))
  house.minutes(1, () => bad)

  assert.deepEqual(house.open[0]?.types, ['270'])
})

test('a burst of changes costs one roll-up of each payer, one that stays the same none', () => {
  const house = aHouse(['aetna/login', { type: 'login', capability: 'provider_portal' }])
  house.minutes(1, () => bad)
  const before = house.payers.length
  house.minutes(1, () => bad)
  const after = house.payers.length
  house.minutes(5, () => bad)

  assert.equal(after, before + 1)
  assert.equal(house.payers.length, after)
  assert.equal(house.payers.at(-1)?.status, 'down')
})

test('what is degraded again right after it recovered is the same incident', () => {
  const house = new KeeperHouse([endpointOf('aetna/eligibility')])
  house.minutes(3, () => up)
  house.minutes(40, () => slow)
  house.minutes(5, () => up)

  house.minutes(60, () => slow)

  assert.equal(house.incidents.length, 1)
  assert.equal(house.openCount, 1)
})
