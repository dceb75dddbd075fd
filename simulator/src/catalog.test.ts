import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planPayers } from './catalog.ts'

test('the same seed gives the same payers, another seed others', () => {
  assert.deepEqual(planPayers(7, 36), planPayers(7, 36))
  assert.notDeepEqual(planPayers(7, 36), planPayers(8, 36))
})

test('ids, names, aliases and identifiers are unique among thousands of payers', () => {
  const payers = planPayers(1, 2_000)
  const ids = payers.flatMap(({ endpoints }) => endpoints.map(({ id }) => id))

  assert.equal(new Set(ids).size, ids.length)
  for (const key of ['payer', 'name', 'aliases', 'identifiers'] as const) {
    assert.equal(new Set(payers.map((payer) => JSON.stringify(payer[key]))).size, 2_000)
  }
})

test('every payer offers three to six endpoints, a login among them', () => {
  for (const { endpoints } of planPayers(1, 36)) {
    assert.ok(endpoints.length >= 3 && endpoints.length <= 6)
    assert.ok(endpoints.some(({ type }) => type === 'login'))
  }
})

test('all families, time zones and both routes occur', () => {
  const payers = planPayers(1, 36)
  const endpoints = payers.flatMap((payer) => payer.endpoints)

  assert.equal(new Set(endpoints.map(({ family }) => family)).size, 4)
  assert.equal(new Set(endpoints.map(({ via }) => via)).size, 2)
  assert.equal(new Set(payers.map(({ timeZone }) => timeZone)).size, 4)
})

test('an id is what the monitor makes of the names: lower case, words joined by hyphens', () => {
  for (const { id } of planPayers(1, 72).flatMap(({ endpoints }) => endpoints)) {
    assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/)
  }
})
