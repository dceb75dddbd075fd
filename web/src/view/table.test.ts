import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { State } from '@payer-status/client'
import { payer, state } from '../../test/support/records.ts'
import { storeOf } from '../../test/support/store-of.ts'
import type { Store } from '../store.ts'
import { everything, isNarrow, type Query } from './search.ts'
import { tableOf } from './table.ts'

const down: Partial<State> = {
  status: 'down',
  reason: { kind: 'timeout', codes: [], message: '' },
}

const store: Store = storeOf({
  payers: [
    payer('aetna', {
      name: 'Aetna',
      aliases: ['aetna-better-health'],
      identifiers: [{ scheme: 'x12_payer_id', value: '60054' }],
      status: 'partial_outage',
    }),
    payer('cigna', { name: 'Cigna', status: 'operational' }),
    payer('bcbs-10', { name: 'BCBS 10', status: 'down' }),
    payer('bcbs-9', { name: 'BCBS 9', status: 'unknown' }),
  ],
  endpoints: [
    state('aetna/eligibility', { type: 'eligibility', capability: 'eligibility' }),
    state('aetna/login', { type: 'login', capability: 'provider_portal', ...down }),
    state('cigna/zeta', { type: 'zeta' }),
    state('cigna/base', { type: 'base' }),
    state('bcbs-10/eligibility', { type: 'eligibility', capability: 'eligibility', ...down }),
    state('bcbs-9/login', { type: 'login', capability: 'provider_portal', status: 'unknown' }),
  ],
})

function ids(over: Partial<Query> = {}): string[] {
  return tableOf(store, { ...everything, ...over }).rows.map(({ id }) => id)
}

test('the worst come first; by name, numbers count as numbers', () => {
  assert.deepEqual(ids(), ['bcbs-10', 'aetna', 'bcbs-9', 'cigna'])
  assert.deepEqual(ids({ sort: 'name' }), ['aetna', 'bcbs-9', 'bcbs-10', 'cigna'])
})

test('columns are what somebody offers: capabilities in order, then types by name', () => {
  const { columns } = tableOf(store, everything)

  assert.deepEqual(
    columns.map(({ label }) => label),
    ['Eligibility', 'Portal', 'base', 'zeta'],
  )
})

test('a query does not take columns away', () => {
  assert.equal(tableOf(store, { ...everything, text: 'cigna' }).columns.length, 4)
})

test('a search finds names, aliases, identifiers, types and statuses, without regard to case', () => {
  assert.deepEqual(ids({ text: 'AETNA' }), ['aetna'])
  assert.deepEqual(ids({ text: 'better-health' }), ['aetna'])
  assert.deepEqual(ids({ text: '60054' }), ['aetna'])
  assert.deepEqual(ids({ text: 'portal' }), ['aetna', 'bcbs-9'])
  assert.deepEqual(ids({ text: ' down ' }), ['bcbs-10', 'aetna'])
  assert.deepEqual(ids({ text: 'nobody' }), [])
})

test('words are looked for in one endpoint together', () => {
  assert.deepEqual(ids({ text: 'eligibility down' }), ['bcbs-10'])
  assert.deepEqual(ids({ text: 'aetna down' }), ['aetna'])
})

test('statuses narrow the rows to payers that have one of them', () => {
  assert.deepEqual(ids({ statuses: new Set(['unknown'] as const) }), ['bcbs-9'])
  assert.deepEqual(ids({ statuses: new Set(['unknown', 'down'] as const), text: 'bcbs' }), [
    'bcbs-10',
    'bcbs-9',
  ])
})

test('signs that mean something to a regular expression are letters', () => {
  assert.deepEqual(ids({ text: '.*' }), [])
  assert.deepEqual(ids({ text: '(' }), [])
})

test('a query is narrow when it leaves something out', () => {
  assert.equal(isNarrow(everything), false)
  assert.equal(isNarrow({ ...everything, text: '  ' }), false)
  assert.equal(isNarrow({ ...everything, text: 'a' }), true)
  assert.equal(isNarrow({ ...everything, statuses: new Set(['down'] as const) }), true)
})
