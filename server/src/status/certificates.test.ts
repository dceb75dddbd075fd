import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Incident } from '@payer-status/protocol'
import { aResult, aServerError } from '../../test/support/builders.ts'
import { endpointOf, KeeperHouse, MINUTE } from '../../test/support/keeper-house.ts'

const DAY = 1_440 * MINUTE
const HOST = 'portal.example:443'

function aHouse(...ids: string[]) {
  const house = new KeeperHouse(ids.map((id) => endpointOf(id, { host: HOST })))
  const expiresAt = house.now + 22 * DAY
  const shows = (days: number) => {
    const tls = { version: 'TLSv1.3', verified: true, expiresAt: expiresAt + (days - 22) * DAY }
    return aResult({ tls })
  }
  return { house, shows }
}

test('a certificate with three weeks left is one minor incident of its host, and none of an outage', () => {
  const { house, shows } = aHouse('aetna/eligibility', 'cigna/eligibility')
  house.minutes(1, () => shows(22))
  const early = house.openCount
  house.now += DAY
  house.minutes(3, () => shows(22))

  const [incident] = house.open
  assert.equal(early, 0)
  assert.equal(house.open.length, 1)
  assert.ok(incident)
  Incident.parse({ ...incident, rev: 1 })
  assert.deepEqual([incident.scope, incident.severity], ['host', 'minor'])
  assert.deepEqual(incident.endpoints, ['aetna/eligibility', 'cigna/eligibility'])
  assert.equal(incident.cause.message, 'the certificate expires within 21 days')
})

test('it says when a week and when two days are left, and no more often', () => {
  const { house, shows } = aHouse('aetna/eligibility')
  for (let day = 0; day < 22; day++) {
    house.minutes(5, () => shows(22))
    house.now += DAY
  }

  assert.deepEqual(
    house.told.map(({ cause }) => /\d+/.exec(cause.message)?.[0]),
    ['21', '7', '2'],
  )
})

test('it is over when the certificate is renewed wherever it was seen, also after a restart', () => {
  const { house, shows } = aHouse('aetna/eligibility', 'cigna/eligibility')
  house.minutes(2, () => shows(10))
  house.restart()
  house.minutes(1, (id) => (id === 'aetna/eligibility' ? shows(90) : shows(10)))
  const halfway = house.openCount
  house.minutes(1, () => shows(90))

  assert.equal(halfway, 1)
  assert.equal(house.openCount, 0)
  assert.equal(house.incidents.length, 1)
})

test('a failure that shows no certificate leaves it open, beside the incident of the outage', () => {
  const { house, shows } = aHouse('aetna/eligibility')
  house.minutes(2, () => shows(1))
  house.minutes(3, () => aServerError())

  assert.equal(house.openCount, 2)
  assert.equal(house.ofEndpoint('aetna/eligibility').length, 1)
  house.remove('aetna/eligibility')
  assert.equal(house.openCount, 0)
})

test('where any certificate is taken, none is warned of', () => {
  const tls = { id: 't', minVersion: 'TLSv1.2' as const, skipVerify: true }
  const house = new KeeperHouse([endpointOf('aetna/eligibility', { tls })])
  const seen = { version: 'TLSv1.3', verified: false, expiresAt: house.now + DAY }
  house.minutes(3, () => aResult({ tls: seen }))

  assert.deepEqual(house.incidents, [])
})

test('a host that shows the old certificate and the new one by turns has one incident', () => {
  const { house, shows } = aHouse('aetna/eligibility')

  house.minutes(20, (_, minute) => shows(minute % 2 === 0 ? 10 : 90))

  assert.equal(house.incidents.length, 1)
})

test('it ends with the last endpoint that can be asked', () => {
  const { house, shows } = aHouse('aetna/eligibility')
  house.minutes(2, () => shows(10))
  const before = house.openCount

  house.add(endpointOf('aetna/eligibility', { host: HOST, notProbeable: 'no address' }))
  house.settle()

  assert.deepEqual([before, house.openCount], [1, 0])
})

test('a result that shows what the last one did costs no look at the others of its host', () => {
  const ids = Array.from({ length: 200 }, (_, i) => `p${i}/eligibility`)
  const { house, shows } = aHouse(...ids)
  house.minutes(1, () => shows(10))
  const before = house.looks

  house.minutes(1, () => shows(10))

  assert.ok(house.looks - before < 5 * ids.length, `${house.looks - before} looks`)
})

test('an endpoint that moves to another host leaves the incident of the old one', () => {
  const { house, shows } = aHouse('aetna/eligibility', 'cigna/eligibility')
  house.minutes(2, () => shows(10))
  const [old] = house.open

  house.endpoints.set('cigna/eligibility', endpointOf('cigna/eligibility', { host: 'new:443' }))
  house.minutes(1, (id) => (id === 'cigna/eligibility' ? shows(10) : shows(90)))

  const [open, ...more] = house.open
  const before = house.incidents.find(({ id }) => id === old?.id)
  assert.deepEqual([before?.status, before?.endpoints], ['resolved', ['aetna/eligibility']])
  assert.deepEqual(
    [open?.key, open?.endpoints, more],
    ['certificate|new:443', ['cigna/eligibility'], []],
  )
})

test('the incident of a host that all have left is over', () => {
  const { house, shows } = aHouse('aetna/eligibility')
  house.minutes(2, () => shows(10))

  house.endpoints.set('aetna/eligibility', endpointOf('aetna/eligibility', { host: 'new:443' }))
  house.minutes(1, () => shows(90))

  const endpoints = house.incidents.map(({ status, endpoints }) => [status, endpoints])
  assert.deepEqual(endpoints, [['resolved', ['aetna/eligibility']]])
})

test('of a host with thousands of endpoints, what comes one by one is told once a second', () => {
  const ids = Array.from({ length: 2_000 }, (_, i) => `p${i}/eligibility`)
  const { house, shows } = aHouse(...ids)
  for (const id of ids) {
    house.see(id, shows(10))
    house.settle()
  }
  const first = house.told.length
  house.pass(1_000)

  assert.ok(first < 110, `${first} records`)
  assert.equal(house.told.length, first + 1)
  assert.equal(house.open[0]?.endpoints.length, ids.length)
})
