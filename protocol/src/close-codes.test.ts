import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloseCode, reconnectAfter } from './close-codes.ts'

test('the range of a close code says what the client does', () => {
  const told = [4000, 4003, 4099, 4100, 4103, 4199, 4200, 4201, 4299].map(reconnectAfter)

  assert.deepEqual(told, [
    ...['never', 'never', 'never'],
    ...['backoff', 'backoff', 'backoff'],
    ...['soon', 'soon', 'soon'],
  ])
})

test('codes of RFC 6455, and codes outside the ranges, are treated like 4100', () => {
  for (const code of [0, 1000, 1001, 1006, 1011, 1012, 3999, 4300, 4999, Number.NaN])
    assert.equal(reconnectAfter(code), 'backoff')
})

test('every code of ours is in the private range, and no two are the same', () => {
  const codes = Object.values(CloseCode)

  assert.ok(codes.every((code) => code >= 4000 && code < 4300))
  assert.equal(new Set(codes).size, codes.length)
})
