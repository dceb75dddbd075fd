import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incident, payer, state } from '../../test/support/records.ts'
import { storeOf } from '../../test/support/store-of.ts'
import { latestOf, linesOf } from './incidents.ts'

const payers = [payer('aetna', { name: 'Aetna' }), payer('cigna', { name: 'Cigna' })]
const portal = { type: 'login', capability: 'provider_portal' } as const
const resolved = { status: 'resolved', resolvedAt: '2026-01-01T11:20:00.000Z' } as const

test('an open incident says what to do, a resolved one until when it was', () => {
  const endpoints = [state('aetna/login', { ...portal, status: 'down' })]
  const about = { payers: ['aetna'], endpoints: ['aetna/login'] }
  const store = storeOf({ payers, endpoints })

  const [open, over] = linesOf(store, [
    incident('i2', about),
    incident('i1', { ...about, ...resolved }),
  ])

  assert.deepEqual([open?.status, open?.until, open?.advice?.text], ['down', null, 'Hold'])
  assert.deepEqual(
    [over?.status, over?.until, over?.advice],
    ['operational', Date.parse(resolved.resolvedAt), undefined],
  )
  assert.equal(over?.title, 'Aetna · Portal')
  assert.deepEqual(over?.tags, ['major', 'payer'])
})

test('the newest comes first, and children are folded under their root', () => {
  const root = incident('root', {
    scope: 'host',
    openedAt: '2026-01-01T10:00:00.000Z',
    payers: ['aetna', 'cigna'],
    endpoints: ['aetna/login', 'cigna/login'],
  })
  const children = ['c1', 'c2'].map((id) => incident(id, { parent: 'root' }))
  const orphan = incident('orphan', { parent: 'not asked for' })

  const lines = linesOf(storeOf({ payers }), [root, ...children, orphan])

  assert.deepEqual(
    lines.map(({ id }) => id),
    ['orphan', 'root'],
  )
  assert.deepEqual(
    lines[1]?.children.map(({ id }) => id),
    ['c1', 'c2'],
  )
  assert.ok(lines[1]?.tags.includes('2 endpoints'))
  assert.ok(lines[1]?.tags.includes('on one host'))
})

test('of each incident the latest version counts, wherever it came from', () => {
  const store = storeOf({ incidents: [incident('i1', { rev: 9, severity: 'critical' })] })
  const asked = [incident('i1', { rev: 5 }), incident('i2', { rev: 0, ...resolved })]

  const known = latestOf(store, asked)

  assert.deepEqual(
    known.map(({ id, severity }) => [id, severity]),
    [
      ['i1', 'critical'],
      ['i2', 'major'],
    ],
  )
  assert.equal(latestOf(store, [incident('i1', { rev: 12, ...resolved })])[0]?.status, 'resolved')
})
