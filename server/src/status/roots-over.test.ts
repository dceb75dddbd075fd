import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bad, up } from '../../test/support/judged.ts'
import { endpointOf, KeeperHouse } from '../../test/support/keeper-house.ts'
import { paused } from './marks.ts'

const SHARED = { host: 'h.portal.example:443' }

test('an endpoint that is paused holds nothing open of what it shares with others that work', () => {
  const ids = [...'abcdefgh'].map((payer) => `${payer}/eligibility`)
  const house = new KeeperHouse(ids.map((id) => endpointOf(id, SHARED)))
  const [first = ''] = ids
  house.minutes(2, () => up)
  house.minutes(3, () => bad)
  const wasOpen = house.open.some(({ scope }) => scope === 'host')
  const before = house.states.get(first)
  assert.ok(before && wasOpen)

  house.put(first, paused(before, { at: house.now, until: null }))
  house.minutes(5, (id) => (id === first ? undefined : up))

  assert.deepEqual(
    house.open.map(({ scope, endpoints, parent }) => [scope, endpoints, parent]),
    [['endpoint', [first], null]],
  )
})

test('while nothing is known of any of them, what they share stays as it was', () => {
  const ids = [...'abcd'].map((payer) => `${payer}/eligibility`)
  const house = new KeeperHouse(ids.map((id) => endpointOf(id, SHARED)))
  house.minutes(2, () => up)
  house.minutes(3, () => bad)

  for (const id of ids) {
    const before = house.states.get(id)
    if (before) house.put(id, paused(before, { at: house.now, until: null }))
  }

  assert.equal(house.open.filter(({ scope }) => scope === 'host').length, 1)
})

test('a host that works is over, though a payer that was part of it fails elsewhere', () => {
  const elsewhere = { host: 'g.other.example:443', capability: 'prior_auth' } as const
  const house = new KeeperHouse([
    endpointOf('a/eligibility', SHARED),
    endpointOf('a/claim_status', { ...SHARED, capability: 'claim_status' }),
    endpointOf('b/eligibility', SHARED),
    endpointOf('a/prior_auth', elsewhere),
  ])
  house.minutes(2, () => up)
  house.minutes(3, (id) => (/^a\/(?:elig|claim)/.test(id) ? bad : up))
  house.minutes(3, (id) => (id === 'a/prior_auth' ? up : bad))
  house.minutes(3, () => bad)

  house.minutes(5, (id) => (id === 'a/prior_auth' ? bad : up))

  assert.deepEqual(house.open.map(({ scope, key }) => [scope, key.slice(0, 7)]).sort(), [
    ['endpoint', 'a|prior'],
    ['payer', 'payer|a'],
  ])
})

test('how bad it is follows the payer, also without other news', () => {
  const house = new KeeperHouse([
    ...[...'abc'].map((payer) => endpointOf(`${payer}/eligibility`, SHARED)),
    endpointOf('a/claim_status', { host: 'g.other.example:443', capability: 'claim_status' }),
    endpointOf('a/prior_auth', { host: 'i.third.example:443', capability: 'prior_auth' }),
  ])
  const fails = (pattern: RegExp) => (id: string) => (pattern.test(id) ? bad : up)
  house.minutes(2, () => up)
  house.minutes(4, fails(/eligibility$/))
  const severityOf = () => house.open.find(({ scope }) => scope === 'host')?.severity

  const before = severityOf()
  house.minutes(2, fails(/eligibility$|claim_status$/))

  assert.deepEqual([before, severityOf()], ['major', 'critical'])
})
