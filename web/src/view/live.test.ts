import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RefusedError } from '@payer-status/client'
import { liveOf } from './live.ts'

const at = new Date(2026, 0, 1, 14, 2, 11).getTime()

test('the connection is told in words, and old is never shown as live', () => {
  const live = { phase: 'live', heardAt: at } as const

  assert.deepEqual(liveOf({ ...live, lagMs: 38.4, stale: false }), {
    tone: 'live',
    word: 'Live',
    detail: '38 ms behind',
    isOld: false,
  })
  assert.equal(liveOf({ ...live, lagMs: null, stale: false }).detail, '')
  assert.equal(liveOf({ ...live, lagMs: 38, stale: true }).isOld, true)
  assert.equal(liveOf({ phase: 'connecting' }).word, 'Connecting')
})

test('a lost connection says when it was last heard', () => {
  const lost = { phase: 'reconnecting', attempt: 1, retryAt: at } as const

  assert.equal(liveOf({ ...lost, heardAt: at }).detail, 'last seen 14:02:11')
  assert.equal(liveOf({ ...lost, heardAt: null }).detail, 'not reached yet')
  assert.equal(liveOf({ ...lost, heardAt: at }).isOld, true)
})

test('a refusal is old, and says what to do', () => {
  const view = liveOf({ phase: 'refused', error: new RefusedError(4003, 'no') })

  assert.deepEqual([view.word, view.isOld], ['Refused', true])
})
