import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Change } from '@payer-status/client'
import { incident, payer, state, window } from '../test/support/records.ts'
import { emptyStore, fold, type Store } from './store.ts'

function change(over: Partial<Change> = {}): Change {
  return {
    kind: 'updates',
    position: { epoch: 'e1', rev: 1 },
    payers: [],
    endpoints: [],
    incidents: [],
    maintenance: [],
    removed: { payers: [], endpoints: [] },
    ...over,
  }
}

function filled(over: Partial<Change> = {}): Store {
  return fold(emptyStore, change({ kind: 'snapshot', ...over }))
}

const two = {
  payers: [payer('a'), payer('b')],
  endpoints: [state('a/x'), state('a/y'), state('b/x')],
}

test('a snapshot fills the store, by payer', () => {
  const store = filled(two)

  assert.equal(store.isFilled, true)
  assert.deepEqual([...store.entries.keys()], ['a', 'b'])
  assert.deepEqual([...(store.entries.get('a')?.endpoints.keys() ?? [])], ['a/x', 'a/y'])
})

test('a snapshot forgets what was there', () => {
  const store = fold(filled(two), change({ kind: 'snapshot', payers: [payer('c')] }))

  assert.deepEqual([...store.entries.keys()], ['c'])
})

test('an update replaces the entry of its payer, and only that', () => {
  const before = filled(two)

  const after = fold(before, change({ endpoints: [state('a/x', { status: 'down' })] }))

  assert.equal(after.entries.get('a')?.endpoints.get('a/x')?.status, 'down')
  assert.equal(before.entries.get('a')?.endpoints.get('a/x')?.status, 'operational')
  assert.equal(after.entries.get('b'), before.entries.get('b'))
  assert.notEqual(after.entries.get('a'), before.entries.get('a'))
})

test('what changes nothing of a map keeps the map', () => {
  const before = filled(two)

  const after = fold(before, change({ incidents: [incident('i1')] }))

  assert.equal(after.entries, before.entries)
  assert.equal(fold(after, change()).incidents, after.incidents)
})

test('a payer leaves with its last endpoint', () => {
  const removedOne = fold(filled(two), change({ removed: { payers: ['a'], endpoints: ['a/x'] } }))
  const removedAll = fold(removedOne, change({ removed: { payers: [], endpoints: ['a/y'] } }))

  assert.equal(removedOne.entries.get('a')?.payer, null)
  assert.equal(removedAll.entries.has('a'), false)
})

test('a resolved incident and a completed window leave', () => {
  const maintenance = [window('mw_1', { payer: 'a' })]
  const before = filled({ ...two, incidents: [incident('i1'), incident('i2')], maintenance })

  const after = fold(
    before,
    change({
      incidents: [incident('i1', { status: 'resolved' })],
      maintenance: [window('mw_1', { payer: 'a', state: 'completed' })],
    }),
  )

  assert.deepEqual([...after.incidents.keys()], ['i2'])
  assert.equal(before.entries.get('a')?.windows.size, 1)
  assert.equal(after.entries.get('a')?.windows.size, 0)
})

test('ids like those of object prototypes, and an endpoint without a payer, do no harm', () => {
  const store = filled({ endpoints: [state('__proto__/x'), state('constructor/x')] })

  const after = fold(store, change({ removed: { payers: ['nobody'], endpoints: ['odd'] } }))

  assert.deepEqual([...after.entries.keys()], ['__proto__', 'constructor'])
})

test('ten thousand endpoints fold in a moment', () => {
  const endpoints = Array.from({ length: 10_000 }, (_, i) => state(`p${i % 500}/e${i}`))
  const store = filled({ endpoints })
  const begun = performance.now()

  for (let i = 0; i < 20; i++)
    fold(store, change({ endpoints: endpoints.slice(i * 100, i * 100 + 100) }))

  assert.ok(performance.now() - begun < 1_000)
})

test('what was resolved is remembered, the latest of it, until it opens again', () => {
  const over = (id: string) => incident(id, { status: 'resolved' })
  const many = Array.from({ length: 250 }, (_, i) => over(`i${i}`))

  const after = fold(filled({ incidents: [incident('i1')] }), change({ incidents: many }))
  const again = fold(after, change({ incidents: [incident('i249')] }))

  assert.equal(after.resolved.size, 200)
  assert.equal(after.incidents.size, 0)
  assert.equal(again.resolved.has('i249'), false)
  assert.equal(again.incidents.has('i249'), true)
})
