import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolved } from '@payer-status/protocol'
import { endpointRecord, incidentRecord, payerRecord } from '../../test/support/board-with.ts'
import type { LogEntry, LogRecord } from '../model.ts'
import type { Remembered } from '../ports.ts'
import { boardOf, pastOf } from './past.ts'

function entry(record: LogRecord, rev: number): LogEntry {
  return { ...record, rev, statusRev: rev - 1, resultRev: rev, at: rev }
}

const ENTRIES = [
  entry(endpointRecord('aetna/login'), 70),
  entry(payerRecord('aetna'), 30),
  entry({ kind: 'endpoint', id: 'aetna/old', value: null }, 50),
  entry(incidentRecord(1), 60),
]

function left(parts: Partial<Remembered> = {}): Remembered {
  return { epoch: 'e1', rev: 100, clean: true, floor: 0, entries: ENTRIES, ...parts }
}

test('a log without a past begins at its beginning', () => {
  assert.deepEqual(pastOf(null, 'new'), { epoch: 'new', rev: 0, floor: 0, entries: [] })
})

test('after an orderly end every record keeps its position, and nothing comes again', () => {
  const past = pastOf(left(), 'new')

  assert.deepEqual([past.epoch, past.rev], ['e1', 99])
  assert.deepEqual(
    past.entries.map(({ id, rev, statusRev }) => [id.slice(0, 11), rev, statusRev]),
    [
      ['aetna', 30, 29],
      [incidentRecord(1).id.slice(0, 11), 60, 59],
      ['aetna/login', 70, 69],
    ],
  )
})

test('after a crash the log goes on, and nobody resumes: he may have seen what was not kept', () => {
  const past = pastOf(left({ clean: false }), 'new')
  const board = boardOf(past)

  assert.deepEqual([past.epoch, past.rev, past.entries.length], ['e1', 99, 3])
  for (const rev of [0, 70, 98]) assert.equal(board.canResume({ epoch: 'e1', rev }), false)
})

test('who was away when something was removed starts anew, others resume', () => {
  const board = boardOf(pastOf(left(), 'new'))

  assert.equal(board.canResume({ epoch: 'e1', rev: 49 }), false)
  assert.equal(board.canResume({ epoch: 'e1', rev: 50 }), true)
  assert.equal(board.canResume({ epoch: 'e1', rev: 99 }), true)
  assert.equal(board.canResume({ epoch: 'e1', rev: 100 }), false)
})

test('who was away when what has been forgotten left starts anew', () => {
  const board = boardOf(pastOf(left({ floor: 80 }), 'new'))

  assert.equal(board.canResume({ epoch: 'e1', rev: 79 }), false)
  assert.equal(board.canResume({ epoch: 'e1', rev: 80 }), true)
})

test('the board tells what changed since any position, as it would have before', () => {
  const board = boardOf(pastOf(left(), 'new'))
  const everything = { filter: resolved([]), by: 'rev' } as const

  const { payers, endpoints, incidents } = board.changedSince(everything, 55)

  assert.deepEqual([payers.length, endpoints.length, incidents.length], [0, 1, 1])
  assert.equal(board.endpoint('aetna/login')?.log.rev, 70)
})
