import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Incident } from '@payer-status/protocol'
import type { Endpoint } from '../../src/config/config.ts'
import { bad, up } from '../../test/support/judged.ts'
import { endpointOf, KeeperHouse, MINUTE } from '../../test/support/keeper-house.ts'

/** So many endpoints, each of its own payer. */
function many(name: string, count: number, parts: (i: number) => Partial<Endpoint>): Endpoint[] {
  return Array.from({ length: count }, (_, i) => endpointOf(`${name}${i}/eligibility`, parts(i)))
}

function aHouse(...endpoints: Endpoint[][]) {
  const house = new KeeperHouse(endpoints.flat())
  house.minutes(2, () => up)
  return house
}

const shared = many('shared', 40, () => ({ host: 'portal.platform.example:443' }))
const others = many('other', 20, () => ({}))
const isShared = (id: string) => id.startsWith('shared')

test('forty endpoints on one host that fail while others answer are one incident with forty children', () => {
  const house = aHouse(shared, others)
  house.minutes(2, (id) => (isShared(id) ? bad : up))

  const roots = house.open.filter(({ parent }) => parent === null)
  const [root] = roots
  assert.ok(root)
  Incident.parse({ ...root, rev: 1 })
  assert.equal(roots.length, 1)
  assert.deepEqual(
    [root.scope, root.severity, root.status, root.key],
    ['host', 'major', 'identified', 'host|portal.platform.example:443'],
  )
  assert.equal(root.endpoints.length, 40)
  assert.equal(root.payers.length, 40)
  assert.equal(house.open.filter(({ parent }) => parent === root.id).length, 40)
  assert.deepEqual(root.cause.counts, { 'HTTP:500': 80 })
  assert.equal(
    house.told.findIndex(({ id }) => id === root.id),
    0,
  )
})

test('no child is told before it is known what it is part of', () => {
  const house = aHouse(shared)
  house.minutes(2, () => bad)

  assert.equal(house.told.length, 41)
  assert.ok(house.told.slice(1).every(({ parent }) => parent === house.told[0]?.id))
})

test('endpoints that are seen to fail one by one are adopted, and later ones join', () => {
  const house = aHouse(shared, others)
  house.minutes(12, (id, minute) => {
    const i = Number(/\d+/.exec(id)?.[0])
    return isShared(id) && minute >= i / 4 ? bad : up
  })

  const roots = house.open.filter(({ parent }) => parent === null)
  assert.equal(roots.length, 1)
  assert.equal(roots[0]?.endpoints.length, 40)
  assert.equal(house.incidents.filter(({ scope }) => scope === 'host').length, 1)
  assert.equal(Date.parse(roots[0]?.openedAt ?? ''), house.now - 12 * MINUTE)
})

test('it is monitoring while all that is left is mending, and resolved with its last child, one by one', () => {
  const house = aHouse(shared, others)
  house.minutes(2, () => bad)
  const root = () => house.incidents.find(({ scope }) => scope === 'host')
  const stages: (string | undefined)[] = []
  house.minutes(42, (id, minute) => {
    if (id === 'shared0/eligibility') stages.push(root()?.status)
    const i = Number(/\d+/.exec(id)?.[0])
    return isShared(id) && minute < i ? bad : up
  })

  assert.deepEqual(new Set(stages.slice(0, 40)), new Set(['identified']))
  assert.deepEqual(stages.slice(-2), ['monitoring', 'resolved'])
  assert.equal(house.openCount, 0)
})

test('it is opened again within half an hour, with its children, and is another one later', () => {
  const house = aHouse(shared, others)
  const outage = () => house.minutes(2, (id) => (isShared(id) ? bad : up))
  outage()
  house.minutes(12, () => up)
  outage()
  const again = house.open.filter(({ parent }) => parent === null)
  house.minutes(130, () => up)
  outage()

  assert.equal(again.length, 1)
  assert.equal(again[0]?.scope, 'host')
  assert.equal(house.incidents.filter(({ scope }) => scope === 'host').length, 2)
  assert.equal(house.incidents.filter(({ scope }) => scope === 'endpoint').length, 80)
})

test('three endpoints of one payer on one host are one thing too', () => {
  const onHost = (type: string) =>
    endpointOf(`aetna/${type}`, { type, capability: null, host: 'one.example:443' })
  const house = aHouse([onHost('a'), onHost('b'), onHost('c')], others)
  house.minutes(2, (id) => (id.startsWith('aetna') ? bad : up))

  assert.deepEqual(
    house.open.filter(({ parent }) => parent === null).map(({ scope }) => scope),
    ['host'],
  )
})

test('two failures on a host, or less than three in ten, are a coincidence', () => {
  const house = aHouse(shared)
  const failing = new Set(shared.slice(0, 11).map(({ id }) => id))
  house.minutes(3, (id) => (failing.has(id) ? bad : up))

  assert.equal(house.open.length, 11)
  assert.ok(house.open.every(({ scope }) => scope === 'endpoint'))
})

test('failures more than ten minutes apart are not one', () => {
  const house = aHouse(shared.slice(0, 4))
  house.minutes(50, (id, minute) => (minute >= 11 * Number(/\d+/.exec(id)?.[0]) ? bad : up))

  assert.equal(house.open.length, 4)
  assert.ok(house.open.every(({ scope }) => scope === 'endpoint'))
})

test('what several hosts have in common is the domain, then the route', () => {
  const onDomain = many('d', 6, (i) => ({ host: `h${i}.platform.example:443` }))
  const onRoute = many('r', 6, (i) => ({ host: `r${i}.example:443`, via: 'clearinghouse' }))
  const house = aHouse(onDomain, onRoute, others)
  house.minutes(2, (id) => (id.startsWith('o') ? up : bad))

  const roots = house.open.filter(({ parent }) => parent === null)
  assert.deepEqual(roots.map(({ scope, key }) => [scope, key]).sort(), [
    ['intermediary', 'intermediary|clearinghouse'],
    ['platform', 'platform|platform.example'],
  ])
})

test('a host explains its failures, though its domain has others that answer or fail on their own', () => {
  const beside = many('beside', 10, (i) => ({ host: `b${i}.platform.example:443` }))
  const house = aHouse(shared, beside)
  house.minutes(2, (id) => (isShared(id) || id === 'beside0/eligibility' ? bad : up))

  assert.deepEqual(
    house.open
      .filter(({ parent }) => parent === null)
      .map(({ scope }) => scope)
      .sort(),
    ['endpoint', 'host'],
  )
})

test('when its other hosts fail too, the domain takes over the incident of the host', () => {
  const beside = many('beside', 10, (i) => ({ host: `b${i}.platform.example:443` }))
  const house = aHouse(shared, beside)
  house.minutes(2, (id) => (isShared(id) ? bad : up))
  house.minutes(3, () => bad)

  const [root, ...rest] = house.open.filter(({ parent }) => parent === null)
  const host = house.open.find(({ scope }) => scope === 'host')
  assert.deepEqual(rest, [])
  assert.equal(root?.scope, 'platform')
  assert.equal(host?.parent, root?.id)
  assert.equal(root?.endpoints.length, 50)
  house.minutes(2, () => up)
  assert.equal(house.openCount, 0)
})

test('what a domain explains, the route that the same endpoints take does not explain again', () => {
  const same = many('s', 8, (i) => ({ host: `h${i}.platform.example:443`, via: 'hub' }))
  const house = aHouse(same, others)
  house.minutes(2, (id) => (id.startsWith('s') ? bad : up))

  assert.deepEqual(
    house.open.filter(({ parent }) => parent === null).map(({ scope }) => scope),
    ['platform'],
  )
})

const core = [
  endpointOf('aetna/eligibility', { host: 'a.example:443' }),
  endpointOf('aetna/claims', {
    type: 'claims',
    capability: 'claims_submission',
    host: 'b.example:443',
  }),
  endpointOf('aetna/login', {
    type: 'login',
    capability: 'provider_portal',
    host: 'c.example:443',
  }),
  endpointOf('aetna/prior', { type: '278', capability: 'prior_auth', host: 'd.example:443' }),
]

test('half of what users need of a payer makes one critical incident of the payer', () => {
  const house = aHouse(core, others)
  house.minutes(3, (id) => (id === 'aetna/eligibility' ? bad : up))
  const one = house.open.map(({ scope }) => scope)
  house.minutes(3, (id) => (id === 'aetna/eligibility' || id === 'aetna/claims' ? bad : up))
  const [root, ...rest] = house.open.filter(({ parent }) => parent === null)
  house.minutes(3, (id) => (id === 'aetna/claims' ? bad : up))
  const left = house.open.find(({ scope }) => scope === 'payer')
  house.minutes(2, () => up)

  assert.deepEqual(one, ['endpoint'])
  assert.deepEqual(rest, [])
  assert.deepEqual([root?.scope, root?.severity, root?.key], ['payer', 'critical', 'payer|aetna'])
  assert.deepEqual(root?.endpoints.toSorted(), ['aetna/claims', 'aetna/eligibility'])
  assert.equal(left?.severity, 'major')
  assert.equal(house.openCount, 0)
})
