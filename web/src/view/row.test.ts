import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Payer, State, Window } from '@payer-status/client'
import { payer, result, state, window } from '../../test/support/records.ts'
import type { PayerEntry } from '../store.ts'
import { rowOf } from './row.ts'

function entry(
  endpoints: State[],
  known: Payer | null = payer('a'),
  windows: Window[] = [],
): PayerEntry {
  return {
    id: 'a',
    payer: known,
    endpoints: new Map(endpoints.map((one) => [one.endpoint, one])),
    windows: new Map(windows.map((one) => [one.id, one])),
  }
}

const eligibility = { type: 'eligibility', capability: 'eligibility' } as const

test('the same entry has the same row', () => {
  const one = entry([state('a/x')])

  assert.equal(rowOf(one), rowOf(one))
  assert.notEqual(rowOf(one), rowOf({ ...one }))
})

test('a cell is the worst of its endpoints, and says how many are so', () => {
  const row = rowOf(
    entry([
      state('a/one', eligibility),
      state('a/two', {
        ...eligibility,
        status: 'down',
        reason: { kind: 'timeout', codes: [], message: '' },
      }),
      state('a/three', eligibility),
    ]),
  )

  const cell = row.cells.get('eligibility')
  assert.equal(cell?.status, 'down')
  assert.equal(cell?.text, 'timeout')
  assert.deepEqual([cell?.alike, cell?.count], [1, 3])
})

test('among endpoints that all work, the slowest is shown', () => {
  const row = rowOf(
    entry([
      state('a/one', { ...eligibility, result: result(100) }),
      state('a/two', { ...eligibility, result: result(900) }),
    ]),
  )

  assert.equal(row.cells.get('eligibility')?.text, '900 ms')
})

test('an endpoint without a capability has a column of its type, as written', () => {
  const row = rowOf(entry([state('a/x', { type: 'Base_URL' })]))

  assert.deepEqual([...row.cells.keys()], ['type Base_URL'])
})

test('a payer that nothing was said of is rolled up from its endpoints', () => {
  const down = state('a/x', { status: 'down', payerName: 'Aetna' })

  assert.equal(rowOf(entry([down], null)).status, 'down')
  assert.equal(rowOf(entry([down, state('a/y')], null)).status, 'partial_outage')
  assert.equal(rowOf(entry([down], null)).name, 'Aetna')
})

test('a payer without endpoints is a row without cells', () => {
  const row = rowOf(entry([]))

  assert.equal(row.cells.size, 0)
  assert.equal(row.since, null)
})

test('since is the oldest of what is worst, and the latest change where all is well', () => {
  const early = '2026-01-01T08:00:00.000Z'
  const late = '2026-01-01T09:00:00.000Z'

  const wrong = rowOf(
    entry([
      state('a/x', { status: 'down', since: late }),
      state('a/y', { status: 'down', since: early }),
      state('a/z', { since: '2025-01-01T00:00:00.000Z' }),
    ]),
  )
  const well = rowOf(entry([state('a/x', { since: late }), state('a/y', { since: early })]))

  assert.equal(wrong.since, Date.parse(early))
  assert.equal(well.since, Date.parse(late))
})

test('a window that is under way says until when, for the types it is for', () => {
  const status = 'maintenance'
  const endpoints = [
    state('a/x', { ...eligibility, status }),
    state('a/y', { type: 'login', status }),
  ]
  const windows = [
    window('mw_1', { types: ['eligibility'] }),
    window('mw_2', { types: ['login'], state: 'scheduled' }),
  ]

  const row = rowOf(entry(endpoints, payer('a'), windows))

  assert.match(row.cells.get('eligibility')?.text ?? '', /^until \d\d:\d\d$/)
  assert.doesNotMatch(row.cells.get('type login')?.text ?? '', /until/)
})

test('a status of a later version is shown as it is, among the unknown', () => {
  const strange = { status: 'imploding' } as unknown as Partial<State>

  const row = rowOf(entry([state('a/x', strange)]))

  assert.equal(row.cells.size, 1)
  assert.equal(row.wrong, 0)
})
