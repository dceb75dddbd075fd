import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incidentRecord } from '../../test/support/board-with.ts'
import type { IncidentRecord } from '../model.ts'
import { type Around, isAlerting } from './alerting.ts'

const [child, root] = [incidentOf(1), incidentOf(2)]

function incidentOf(order: number, parts: Partial<IncidentRecord> = {}): IncidentRecord {
  const { value } = incidentRecord(order, { endpoints: ['aetna/a', 'aetna/b'], ...parts })
  return value as IncidentRecord // safe: a record that is there
}

function around(parent?: IncidentRecord, silenced: readonly string[] = []): Around {
  return {
    incident: (id) => (id === parent?.id ? parent : undefined),
    isSilenced: (endpoint) => silenced.includes(endpoint),
  }
}

test('an open incident of its own is alerted of, one that is over is not', () => {
  assert.equal(isAlerting(incidentOf(1, { status: 'investigating' }), around()), true)
  assert.equal(isAlerting(incidentOf(1, { status: 'resolved' }), around()), false)
})

test('a child is not while its root is open, and is once that is over or forgotten', () => {
  const ofRoot = { ...child, status: 'identified' as const, parent: root.id }

  assert.equal(isAlerting(ofRoot, around({ ...root, status: 'monitoring' })), false)
  assert.equal(isAlerting(ofRoot, around({ ...root, status: 'resolved' })), true)
  assert.equal(isAlerting(ofRoot, around()), true)
})

test('what was planned or taken over is not', () => {
  const open = { status: 'identified' as const }

  assert.equal(isAlerting(incidentOf(1, { ...open, planned: true }), around()), false)
  assert.equal(isAlerting(incidentOf(1, { ...open, acknowledgedBy: 'ann' }), around()), false)
})

test('silence counts when it is over all of its endpoints', () => {
  const open = incidentOf(1, { status: 'identified' })

  assert.equal(isAlerting(open, around(undefined, ['aetna/a'])), true)
  assert.equal(isAlerting(open, around(undefined, ['aetna/a', 'aetna/b'])), false)
})
