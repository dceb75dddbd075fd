import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aResult } from '../../test/support/builders.ts'
import { bad, up } from '../../test/support/judged.ts'
import { endpointOf, HOUR, KeeperHouse, MINUTE } from '../../test/support/keeper-house.ts'

const silent = aResult({
  statusCode: null,
  verdict: 'down',
  attribution: 'payer',
  codes: ['timeout.ttfb'],
  failure: { kind: 'timeout', message: 'no first byte in time' },
})

function aHouse() {
  const house = new KeeperHouse([endpointOf('aetna/eligibility')])
  house.minutes(2, () => up)
  return house
}

test('notes and acknowledgement that people write stay through all that follows', () => {
  const house = aHouse()
  house.minutes(2, () => bad)
  const note = { at: new Date(house.now).toISOString(), by: 'ann', text: 'called them' }
  house.write({ ...house.open[0]!, acknowledgedBy: 'ann', notes: [note] })
  house.minutes(3, () => silent)
  house.minutes(2, () => up)

  assert.equal(house.incidents[0]?.status, 'resolved')
  assert.equal(house.incidents[0]?.acknowledgedBy, 'ann')
  assert.deepEqual(house.incidents[0]?.notes, [note])
})

test('what people announce is left alone, and counts as open', () => {
  const house = aHouse()
  house.minutes(2, () => bad)
  const announced = {
    ...house.open[0]!,
    id: 'inc_01J00000000000000000000000',
    key: 'manual|x',
    scope: 'payer' as const,
  }
  house.write(announced)
  const open = house.openCount
  house.minutes(2, () => up)

  assert.equal(open, 2)
  assert.deepEqual(house.open, [announced])
})

test('a keeper that takes over goes on with the same incidents', () => {
  const house = aHouse()
  house.minutes(2, () => bad)
  const before = house.told.length

  const rolledUp = house.payers.length
  house.restart()
  const after = house.told.length
  assert.equal(house.payers.length, rolledUp)
  house.minutes(2, () => up)

  assert.equal(after, before)
  assert.equal(house.incidents.length, 1)
  assert.equal(house.openCount, 0)
})

test('a keeper that takes over opens again what was resolved a moment before it', () => {
  const house = aHouse()
  house.minutes(2, () => bad)
  house.minutes(2, () => up)
  house.restart()
  house.minutes(2, () => bad)

  assert.equal(house.incidents.length, 1)
  assert.equal(house.openCount, 1)
})

test('a keeper that takes over closes the incident of what has left meanwhile', () => {
  const house = aHouse()
  house.minutes(2, () => bad)
  const id = house.open[0]?.id
  house.write({
    ...house.open[0]!,
    id: 'inc_01J00000000000000000000001',
    endpoints: ['cigna/gone'],
  })
  house.restart()

  assert.deepEqual(
    house.open.map((incident) => incident.id),
    [id],
  )
})

test('an endpoint that flaps for hours has one incident, minor and intermittent, that ends when it is steady', () => {
  const house = aHouse()
  house.minutes(6 * 60, (_, minute) => (minute % 14 < 6 ? bad : up))
  const during = house.open
  const began = house.incidents[0]?.openedAt
  house.minutes(2 * 60, () => up)

  assert.equal(house.incidents.length, 1)
  assert.equal(during.length, 1)
  assert.deepEqual(
    [during[0]?.severity, during[0]?.cause.kind, during[0]?.key],
    ['minor', 'intermittent', 'aetna|eligibility|direct|intermittent'],
  )
  assert.deepEqual(during[0]?.cause.codes, ['HTTP:500'])
  assert.equal(Date.parse(began ?? ''), Date.UTC(2026, 0, 5) + 2 * MINUTE)
  assert.equal(house.openCount, 0)
  assert.equal(house.states.get('aetna/eligibility')?.status, 'operational')
})

test('what flapped and then stays down is an outage again within a quarter of an hour', () => {
  const house = aHouse()
  house.minutes(60, (_, minute) => (minute % 14 < 6 ? bad : up))
  const flapping = house.open[0]
  house.minutes(18, () => bad)

  assert.equal(flapping?.severity, 'minor')
  assert.equal(house.open[0]?.id, flapping?.id)
  assert.equal(house.open[0]?.severity, 'major')
  assert.equal(house.open[0]?.key, 'aetna|eligibility|direct|application')
})

for (const [what, jump] of [
  ['forward by two hours', 2 * HOUR],
  ['back by an hour', -HOUR],
] as const)
  test(`when the clock is set ${what} nothing is negative and nothing sticks`, () => {
    for (const before of [0, 1, 2, 3, 5]) {
      const house = aHouse()
      const outage = (minute: number) => (minute < 3 ? bad : up)
      house.minutes(before, (_, minute) => outage(minute))
      house.now += jump
      house.minutes(8, (_, minute) => outage(minute + before))

      assert.equal(house.openCount, 0)
      assert.equal(house.states.get('aetna/eligibility')?.status, 'operational')
      for (const { openedAt, confirmedAt, resolvedAt } of house.told) {
        assert.ok(confirmedAt !== null && openedAt <= confirmedAt)
        assert.ok(resolvedAt === null || confirmedAt <= resolvedAt)
      }
    }
  })

test('one result of ten thousand endpoints looks at its own and at nothing else, also within a large root', () => {
  const endpoints = Array.from({ length: 10_000 }, (_, i) =>
    endpointOf(`p${i % 5_000}/e${i}`, { host: `h${i % 5}.example:443`, via: 'hub' }),
  )
  const house = new KeeperHouse(endpoints)
  house.minutes(2, () => up)
  house.minutes(2, (id) => (/[05]$/.test(id) ? bad : up))
  const before = house.looks
  for (const id of ['p0/e0', 'p1/e1', 'p5/e5', 'p6/e6']) {
    house.see(id, bad)
    house.settle()
  }

  assert.equal(
    house.open.filter(({ parent, scope }) => parent === null && scope === 'host').length,
    1,
  )
  assert.ok(house.looks - before <= 20)
})
