import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { State } from '@payer-status/client'
import { result, state } from '../../test/support/records.ts'
import { storeOf } from '../../test/support/store-of.ts'
import { newWorld, offlineWorld } from '../../test/support/world.ts'
import { summaryOf } from './summary.ts'

test('endpoints are counted by status', () => {
  const endpoints = [
    state('a/x'),
    state('a/y', { status: 'down' }),
    state('b/x', { result: result(1, { at: '2026-01-02T00:00:00.000Z' }) }),
  ]

  const summary = summaryOf(storeOf({ endpoints }))

  assert.deepEqual(summary.counts, {
    operational: 2,
    degraded: 0,
    down: 1,
    maintenance: 0,
    unknown: 0,
  })
  assert.deepEqual([summary.payers, summary.endpoints], [2, 3])
  assert.equal(summary.latestAt, Date.parse('2026-01-02T00:00:00.000Z'))
})

test('the first round is told until each endpoint that can be probed was', () => {
  const cannot: Partial<State> = {
    status: 'unknown',
    result: null,
    reason: { kind: 'not_probeable', codes: [], message: '' },
  }

  const running = summaryOf(storeOf(newWorld())).firstRound
  const over = summaryOf(storeOf({ endpoints: [state('a/x'), state('a/y', cannot)] })).firstRound

  assert.deepEqual(running, { tried: 41, of: 150 })
  assert.equal(over, null)
})

test('a place from which nothing answers is named once', () => {
  assert.deepEqual(summaryOf(storeOf(offlineWorld())).offline, ['us-east'])
  assert.deepEqual(summaryOf(storeOf({})).offline, [])
})
