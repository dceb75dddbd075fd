import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bad, up } from '../../test/support/judged.ts'
import { endpointOf, HOUR, KeeperHouse } from '../../test/support/keeper-house.ts'

function onOneHost(count: number): KeeperHouse {
  const endpoints = Array.from({ length: count }, (_, i) =>
    endpointOf(`p${i}/eligibility`, { host: 'one.example:443' }),
  )
  const house = new KeeperHouse(endpoints)
  house.minutes(2, () => up)
  house.minutes(2, () => bad)
  return house
}

test('a keeper that takes over knows roots and children, lets later failures join and all of them end', () => {
  const house = onOneHost(10)
  const before = house.told.length
  house.restart()
  const after = house.told.length
  house.add(endpointOf('late/eligibility', { host: 'one.example:443' }))
  house.minutes(3, () => bad)
  const late = house.ofEndpoint('late/eligibility')
  const root = house.open.find(({ scope }) => scope === 'host')
  house.minutes(2, () => up)

  assert.equal(after, before)
  assert.equal(late[0]?.parent, root?.id)
  assert.equal(root?.endpoints.length, 11)
  assert.equal(house.incidents.length, 12)
  assert.equal(house.openCount, 0)
})

test('endpoints that leave the catalogue leave the rest of a root open, the last one ends it', () => {
  const house = onOneHost(4)
  for (const i of [0, 1, 2]) house.remove(`p${i}/eligibility`)
  const left = house.open.map(({ scope }) => scope).sort()
  house.remove('p3/eligibility')

  assert.deepEqual(left, ['endpoint', 'host'])
  assert.equal(house.openCount, 0)
})

test('a clock that is set does not keep a root open', () => {
  for (const jump of [2 * HOUR, -HOUR]) {
    const house = onOneHost(5)
    house.now += jump
    house.minutes(3, () => up)

    assert.equal(house.openCount, 0)
    for (const { openedAt, confirmedAt, resolvedAt } of house.told) {
      assert.ok(openedAt <= (confirmedAt ?? ''))
      assert.ok(resolvedAt === null || (confirmedAt ?? '') <= resolvedAt)
    }
  }
})

test('a root with many children is told once a second of those that join or mend, and at once when it is over', () => {
  const house = onOneHost(300)
  const ofRoot = () => house.told.filter(({ scope }) => scope === 'host').length
  const opened = ofRoot()
  const mending = [...house.endpoints.keys()]
  for (const id of mending.slice(0, 150)) {
    house.see(id, up)
    house.settle()
  }
  const during = ofRoot()
  house.pass(1_000)
  const later = ofRoot()
  house.minutes(3, () => up)

  assert.equal(opened, 1)
  assert.equal(during, 1)
  assert.ok(later <= 2)
  assert.equal(house.incidents.find(({ scope }) => scope === 'host')?.status, 'resolved')
})

test('a child is named by one open incident of its own and knows one that exists', () => {
  const house = onOneHost(10)
  const ids = new Set(house.incidents.map(({ id }) => id))

  for (const id of house.endpoints.keys()) assert.equal(house.ofEndpoint(id).length, 1)
  assert.ok(house.open.every(({ parent }) => parent === null || ids.has(parent)))
})
