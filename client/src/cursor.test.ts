import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Heartbeat, Snapshot, Updates } from '@payer-status/protocol'
import fc from 'fast-check'
import { state } from '../test/support/records.ts'
import { Cursor } from './cursor.ts'

const at = '2026-01-01T00:00:00.000Z'

function snapshot(rev: number, over: Partial<Snapshot> = {}): Snapshot {
  return { type: 'snapshot', epoch: 'e1', rev, part: 1, of: 1, ...over }
}

function updates(rev: number, ...revs: number[]): Updates {
  return { type: 'updates', rev, endpoints: revs.map((r) => state(`aetna/e${r}`, r)) }
}

function heartbeat(rev: number): Heartbeat {
  return { type: 'heartbeat', rev, at, stale: false, lagMs: 0 }
}

function greeted(since?: { epoch: string; rev: number }): Cursor {
  const cursor = new Cursor(since)
  cursor.greet({ epoch: 'e1', rev: 100 })
  return cursor
}

function revsOf(read: ReturnType<Cursor['read']>): number[] | typeof read {
  return typeof read === 'object' ? read.endpoints.map(({ rev }) => rev) : read
}

test('a snapshot in parts comes as one, at its rev', () => {
  const cursor = greeted()

  const first = cursor.read(snapshot(9, { part: 1, of: 2, endpoints: [state('a/x', 3)] }))
  const between = cursor.read(heartbeat(12))
  const second = cursor.read(snapshot(9, { part: 2, of: 2, endpoints: [state('a/y', 9)] }))

  assert.equal(first, undefined)
  assert.equal(between, undefined)
  assert.deepEqual(revsOf(second), [3, 9])
  assert.deepEqual(cursor.position, { epoch: 'e1', rev: 9 })
})

test('the position does not move while a snapshot is incomplete', () => {
  const cursor = greeted({ epoch: 'e1', rev: 5 })

  cursor.read(snapshot(9, { part: 1, of: 2 }))

  assert.deepEqual(cursor.position, { epoch: 'e1', rev: 5 })
})

test('parts that do not belong together make no sense', () => {
  assert.equal(greeted().read(snapshot(9, { part: 2, of: 2 })), 'senseless')
  for (const second of [
    snapshot(9, { part: 3, of: 3 }),
    snapshot(10, { part: 2, of: 3 }),
    snapshot(9, { part: 2, of: 4 }),
    snapshot(9, { part: 2, of: 3, epoch: 'e2' }),
    updates(10, 10),
  ]) {
    const cursor = greeted()
    cursor.read(snapshot(9, { part: 1, of: 3 }))
    assert.equal(cursor.read(second), 'senseless')
  }
})

test('updates before any snapshot make no sense', () => {
  assert.equal(greeted().read(updates(4, 4)), 'senseless')
  assert.equal(greeted({ epoch: 'another', rev: 3 }).read(updates(4, 4)), 'senseless')
})

test('a record that was seen does not come again', () => {
  const cursor = greeted({ epoch: 'e1', rev: 10 })

  assert.deepEqual(revsOf(cursor.read(updates(12, 9, 10, 11, 12))), [11, 12])
  assert.equal(cursor.read(updates(12, 12)), undefined)
  assert.equal(cursor.read(updates(11, 11)), undefined)
})

test('a heartbeat moves the position, and what it passed does not come again', () => {
  const cursor = greeted({ epoch: 'e1', rev: 10 })

  cursor.read(heartbeat(20))

  assert.deepEqual(cursor.position, { epoch: 'e1', rev: 20 })
  assert.equal(cursor.read(updates(20, 15)), undefined)
})

test('a server that has less of the log takes nothing back until it has caught up', () => {
  const cursor = new Cursor({ epoch: 'e1', rev: 50 })
  cursor.greet({ epoch: 'e1', rev: 40 })

  assert.equal(cursor.isAhead, true)
  assert.equal(cursor.read(snapshot(40, { endpoints: [state('a/x', 40)] })), undefined)
  assert.equal(cursor.read(updates(45, 45)), undefined)
  assert.deepEqual(revsOf(cursor.read(updates(51, 48, 51))), [51])
  assert.equal(cursor.isAhead, false)
})

test('a snapshot of another epoch starts anew, lower rev or not', () => {
  const cursor = new Cursor({ epoch: 'e0', rev: 5_000 })
  cursor.greet({ epoch: 'e1', rev: 3 })

  const batch = cursor.read(snapshot(3, { endpoints: [state('a/x', 2)] }))

  assert.deepEqual(revsOf(batch), [2])
  assert.deepEqual(cursor.position, { epoch: 'e1', rev: 3 })
})

test('whatever a server sends, rev never goes back and no (record, rev) comes twice', () => {
  const rev = fc.nat(30)
  const frame = fc.oneof(
    fc
      .tuple(rev, fc.array(rev, { maxLength: 5 }))
      .map(([r, rs]) => updates(r, ...new Set(rs.filter((one) => one <= r)))),
    rev.map(heartbeat),
    fc.tuple(rev, fc.integer({ min: 1, max: 2 })).map(([r, of]) => snapshot(r, { of })),
    rev.map((r) => snapshot(r, { part: 2, of: 2 })),
  )
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 40 }), (frames) => {
      const cursor = greeted({ epoch: 'e1', rev: 3 })
      const seen = new Set<number>()
      let before = 3
      for (const one of frames) {
        const batch = cursor.read(one)
        const now = cursor.position?.rev ?? -1
        assert.ok(now >= before)
        before = now
        for (const { rev: r } of typeof batch === 'object' ? batch.endpoints : []) {
          assert.ok(!seen.has(r))
          seen.add(r)
        }
      }
    }),
  )
})
