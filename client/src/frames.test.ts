import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hello, state } from '../test/support/records.ts'
import { readFrame } from './frames.ts'

const read = (frame: unknown) => readFrame(JSON.stringify(frame)).type

test('a frame of the protocol is read as it is', () => {
  const updates = { type: 'updates', rev: 4, endpoints: [state('aetna/login', 4)] }

  assert.deepEqual(readFrame(JSON.stringify(updates)), updates)
  assert.equal(read(hello()), 'hello')
  assert.equal(read({ type: 'drain', reconnectAfterMs: [500, 8_000] }), 'drain')
})

test('a frame type of a later version is passed over', () => {
  assert.equal(read({ type: 'fireworks' }), 'unknown')
  assert.equal(read({ type: 'constructor' }), 'unknown')
  assert.equal(read({ type: '__proto__' }), 'unknown')
})

const senseless: Record<string, unknown> = {
  'no object': 7,
  'a list': [],
  nothing: null,
  'no type': { rev: 1 },
  'a heartbeat without rev': { type: 'heartbeat', lagMs: 1, stale: false },
  'a heartbeat with a text as lag': { type: 'heartbeat', rev: 1, lagMs: '1', stale: false },
  'a hello without an epoch': { ...hello(), epoch: undefined },
  'a hello that never beats': { ...hello(), heartbeatMs: 0 },
  'a negative rev': { type: 'updates', rev: -1 },
  'a rev that is no integer': { type: 'updates', rev: 1.5 },
  'a rev beyond safe integers': { type: 'updates', rev: 2 ** 53 },
  'records that are no list': { type: 'updates', rev: 1, endpoints: {} },
  'a record without its id': { type: 'updates', rev: 1, endpoints: [{ rev: 1 }] },
  'a record without rev': { type: 'updates', rev: 1, payers: [{ payer: 'aetna' }] },
  'a record that is null': { type: 'updates', rev: 1, incidents: [null] },
  'part 0': { type: 'snapshot', epoch: 'e', rev: 1, part: 0, of: 1 },
  'part 3 of 2': { type: 'snapshot', epoch: 'e', rev: 1, part: 3, of: 2 },
  'a snapshot in a billion parts': { type: 'snapshot', epoch: 'e', rev: 1, part: 1, of: 1e9 },
  'a drain without a range': { type: 'drain', reconnectAfterMs: [500] },
  'an error without text': { type: 'error', code: 'internal', issues: [] },
}

for (const [name, frame] of Object.entries(senseless)) {
  test(`${name} is unreadable`, () => {
    assert.equal(read(frame), 'unreadable')
  })
}

test('bytes and broken JSON are unreadable', () => {
  assert.equal(readFrame(new ArrayBuffer(4)).type, 'unreadable')
  assert.equal(readFrame('{"type":').type, 'unreadable')
  assert.equal(readFrame(undefined).type, 'unreadable')
})

test('whatever arrives, reading does not throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (data) => {
      readFrame(data)
    }),
  )
})
