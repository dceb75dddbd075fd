import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Incident } from '@payer-status/protocol'
import { aRefusal, aResult, aServerError } from '../../test/support/builders.ts'
import { endpointOf, KeeperHouse } from '../../test/support/keeper-house.ts'
import type { ProbeResult } from '../model.ts'

const ISSUER = 'Example Trust Intermediate 3'

function tlsOf(issuer: string): NonNullable<ProbeResult['tls']> {
  return { version: 'TLSv1.3', verified: true, expiresAt: Date.UTC(2027, 0, 1), issuer }
}

const good = (issuer = ISSUER) => aResult({ tls: tlsOf(issuer) })
const expired = (issuer = ISSUER) =>
  aRefusal({
    codes: ['tls.expired'],
    failure: { kind: 'tls_cert', message: 'the certificate has expired' },
    tls: { ...tlsOf(issuer), verified: false },
    progress: 'connected',
    evidence: 'L0',
  })
const broken = () => aServerError({ tls: tlsOf(ISSUER) })

/** Payers on hosts that share nothing but, half of them, who issued their certificates. */
function aHouse() {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'].map((payer) => `${payer}/eligibility`)
  const ours = new Set(ids.slice(0, 4))
  const house = new KeeperHouse(
    ids.map((id) => endpointOf(id, { host: `${id[0]}.${id[0]}payer.example:443` })),
  )
  house.minutes(2, (id) => good(ours.has(id) ? ISSUER : 'Another'))
  return { house, isOurs: (id: string) => ours.has(id), ours: [...ours] }
}

const roots = (house: KeeperHouse) => house.open.filter(({ parent }) => parent === null)

test('certificates of one issuer that are refused at several payers are one incident', () => {
  const { house, isOurs, ours } = aHouse()
  house.minutes(3, (id) => (isOurs(id) ? expired() : good('Another')))

  const [root, ...more] = roots(house)
  assert.deepEqual(more, [])
  Incident.parse({ ...root, rev: 1 })
  assert.deepEqual(
    [root?.scope, root?.key, root?.severity, root?.cause.kind],
    ['issuer', `issuer|${ISSUER}`, 'major', 'tls_cert'],
  )
  assert.deepEqual(root?.endpoints.toSorted(), ours)
  assert.equal(house.open.filter(({ parent }) => parent === root?.id).length, 4)
  house.minutes(3, () => good())
  assert.equal(house.openCount, 0)
})

test('it goes on after a restart', () => {
  const { house, isOurs } = aHouse()
  house.minutes(3, (id) => (isOurs(id) ? expired() : good('Another')))
  const before = roots(house).map(({ id }) => id)

  house.restart()
  house.minutes(2, (id) => (isOurs(id) ? expired() : good('Another')))

  assert.deepEqual(
    roots(house).map(({ id }) => id),
    before,
  )
})

test('failures that are none of the certificate are not the issuer’s, however many it has', () => {
  const { house, isOurs } = aHouse()
  house.minutes(3, (id) => (isOurs(id) ? broken() : good('Another')))

  assert.equal(house.open.length, 4)
  assert.ok(house.open.every(({ scope }) => scope === 'endpoint'))
})

test('what fails for reasons of its own is no part of an issuer’s incident', () => {
  const { house, isOurs } = aHouse()
  const others = (id: string) => (id[0] === 'd' ? broken() : good('Another'))
  house.minutes(3, (id) => (isOurs(id) && id[0] !== 'd' ? expired() : good()))
  house.minutes(3, (id) => (isOurs(id) && id[0] !== 'd' ? expired() : others(id)))

  const found = roots(house).map(({ scope, endpoints }) => `${scope} ${endpoints.length}`)
  assert.deepEqual(found.toSorted(), ['endpoint 1', 'issuer 3'])
})

test('certificates of different issuers are different troubles', () => {
  const { house, isOurs } = aHouse()
  house.minutes(3, (id) => (isOurs(id) ? expired(`Issuer ${id[0]}`) : good('Another')))

  assert.ok(house.open.every(({ scope }) => scope === 'endpoint'))
})
