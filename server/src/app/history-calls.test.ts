import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noHistory } from '../../test/support/no-history.ts'
import { StoreError } from '../lib/errors.ts'
import type { History } from '../ports.ts'
import { answerHistory, historyOver } from './history-calls.ts'

/** History that answers each question with the question, as if through another thread. */
function anEcho(): History {
  const methods = Object.keys(noHistory) as (keyof History)[] // safe: what it is made of
  const echo = Object.fromEntries(
    methods.map((method) => [method, async (asked: unknown) => ({ method, asked })]),
  ) as unknown as History // safe: only what was asked is looked at
  return historyOver((call) => answerHistory(echo, structuredClone(call)))
}

test('every question to history crosses threads whole', async () => {
  const history = anEcho()
  const span = { from: 1, to: 2, endpoint: 'a/login' }

  const answers: unknown[] = await Promise.all([
    history.results({ ...span, limit: 3 }),
    history.latency({ ...span, stepMs: 300_000 }),
    history.timeline(span),
    history.days({ from: 1, to: 2, endpoints: ['a/login'] }),
    history.incidents({ open: true, limit: 3, before: 'inc_1' }),
    history.incident('inc_1'),
  ])

  assert.deepEqual(answers, [
    { method: 'results', asked: { ...span, limit: 3 } },
    { method: 'latency', asked: { ...span, stepMs: 300_000 } },
    { method: 'timeline', asked: span },
    { method: 'days', asked: { from: 1, to: 2, endpoints: ['a/login'] } },
    { method: 'incidents', asked: { open: true, limit: 3, before: 'inc_1' } },
    { method: 'incident', asked: 'inc_1' },
  ])
})

test('a store that cannot be asked is heard of', async () => {
  const history = historyOver(() => Promise.reject(new StoreError('the disk is full')))

  await assert.rejects(history.incident('inc_1'), StoreError)
})
