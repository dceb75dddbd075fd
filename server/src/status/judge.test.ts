import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEndpoint, aRefusal, aResult } from '../../test/support/builders.ts'
import {
  bad,
  closed,
  fine,
  judgeAll,
  limited,
  MINUTE,
  START,
  slow,
  statuses,
  up,
} from '../../test/support/judged.ts'
import { isUnconfirmed, judge } from './judge.ts'
import { staleAfter } from './stale.ts'

test('a new endpoint is unknown until two answers in a row were healthy', () => {
  assert.deepEqual(statuses(judgeAll([up, up])), ['unknown', 'operational'])
})

test('two bad results of the last three take an endpoint down, since the first of them', () => {
  const states = judgeAll([up, up, bad, up, bad])

  assert.deepEqual(statuses(states), [
    'unknown',
    'operational',
    'operational',
    'operational',
    'down',
  ])
  assert.equal(states.at(-1)?.since, START + 3 * MINUTE)
  assert.equal(states.at(-1)?.reason?.kind, 'http_5xx')
  assert.deepEqual(states.at(-1)?.advice, { action: 'hold' })
})

test('one bad result changes nothing', () => {
  assert.deepEqual(
    statuses(judgeAll([up, up, bad, up, up, bad])).slice(1),
    Array(5).fill('operational'),
  )
})

test('two healthy results in a row recover, since the first of them', () => {
  const states = judgeAll([up, up, bad, bad, up, up])

  assert.deepEqual(statuses(states).slice(3), ['down', 'down', 'operational'])
  assert.equal(states.at(-1)?.since, START + 5 * MINUTE)
  assert.equal(states.at(-1)?.reason, null)
})

test('two degraded results make an endpoint degraded, with the advice to come back later', () => {
  const state = judgeAll([up, up, slow, slow]).at(-1)

  assert.equal(state?.status, 'degraded')
  assert.equal(state?.reason?.kind, 'slow')
  assert.deepEqual(state?.advice, { action: 'retry_after', retryAfterMs: 300_000 })
})

test('a payer that says it is in maintenance is in maintenance, not down', () => {
  const state = judgeAll([up, up, closed, closed]).at(-1)

  assert.equal(state?.status, 'maintenance')
  assert.equal(state?.reason?.kind, 'maintenance')
})

test('what is the probe’s own fault never lowers a status', () => {
  const refused = aResult({ verdict: 'probe_misconfigured', attribution: 'probe', statusCode: 400 })

  assert.deepEqual(
    statuses(judgeAll([up, up, limited, limited, limited, refused, refused])).slice(1),
    Array(6).fill('operational'),
  )
})

test('without a conclusive result for three intervals and a quarter of an hour an endpoint is unknown', () => {
  const states = judgeAll([up, up, ...Array(16).fill(limited)])

  assert.deepEqual(statuses(states).slice(15), ['operational', 'operational', 'unknown'])
})

test('an edge that answers without its application is unknown and says so', () => {
  const edge = aResult({ verdict: 'edge_up', attribution: 'none', statusCode: 401, failure: null })

  assert.equal(judgeAll([edge])[0]?.reason?.message, 'edge reachable, application not observed')
})

test('more than three changes within an hour are intermittent', () => {
  const states = judgeAll([up, up, bad, bad, up, up, bad, bad, up, up])

  assert.equal(states.at(-2)?.intermittent, false)
  assert.equal(states.at(-1)?.status, 'degraded')
  assert.equal(states.at(-1)?.reason?.kind, 'intermittent')
  assert.equal(states.at(-1)?.intermittent, true)
})

test('what changes all the time is down while it is down, and operational again after a quiet hour', () => {
  const flapping = [up, up, bad, bad, up, up, bad, bad, up, up]
  const states = judgeAll([...flapping, bad, bad, up, up, ...Array(60).fill(up)])

  assert.deepEqual(statuses(states).slice(9, 14), [
    'degraded',
    'degraded',
    'down',
    'down',
    'degraded',
  ])
  assert.equal(states[11]?.since, START + 11 * MINUTE)
  assert.equal(states.at(-1)?.status, 'operational')
  assert.equal(states.at(-1)?.intermittent, false)
})

test('what answers too slowly of late is degraded while it works, until it is faster', () => {
  const seen = (slow: boolean | undefined) => ({ result: up, seen: { ...fine, slow } })
  const states = judgeAll([up, up, seen(true), seen(undefined), seen(false)])

  assert.deepEqual(statuses(states).slice(1), [
    'operational',
    'degraded',
    'degraded',
    'operational',
  ])
  assert.equal(states[2]?.reason?.kind, 'slow')
  assert.equal(states[2]?.since, START + 3 * MINUTE)
})

test('an endpoint that is out and backs off is not stale before three of its longest intervals', () => {
  const endpoint = anEndpoint({ backoff: { factor: 2, cap: 3_600_000 } })

  assert.equal(staleAfter(endpoint, 'down'), 3 * 3_600_000)
  assert.equal(staleAfter(endpoint, 'operational'), 15 * MINUTE)
  assert.equal(staleAfter(anEndpoint({ interval: 600_000 }), 'down'), 30 * MINUTE)
})

test('the deepest evidence that an endpoint ever gave is remembered', () => {
  const states = judgeAll([up, aResult({ evidence: 'L2' }), aRefusal()])

  assert.equal(states.at(-1)?.memory.deepest, 'L2')
})

test('when the clock is set back an hour nothing is remembered from the future', () => {
  const endpoint = anEndpoint()
  const before = judgeAll([up, up, bad, bad]).at(-1)!
  const at = START - 60 * MINUTE

  const once = judge(endpoint, before, { result: { ...up, at }, ...fine })
  const twice = judge(endpoint, once, { result: { ...up, at: at + MINUTE }, ...fine })

  assert.equal(twice.status, 'operational')
  assert.ok(twice.since <= at + MINUTE)
  assert.deepEqual(twice.memory.changes, [at + MINUTE])
})

test('thresholds are configurable', () => {
  const strict = anEndpoint({ judge: { window: 1, downAfter: 1, recoverAfter: 1 } })

  assert.deepEqual(statuses(judgeAll([up, bad, up], strict)), [
    'operational',
    'down',
    'operational',
  ])
})

test('a contradicting sample asks for another look, a run of them does not for ever', () => {
  const [first, second, third, fourth] = judgeAll([up, up, bad, aRefusal()])

  assert.equal(isUnconfirmed(first!, 3), true)
  assert.equal(isUnconfirmed(second!, 3), false)
  assert.equal(isUnconfirmed(third!, 3), true)
  assert.equal(isUnconfirmed(fourth!, 3), false)
})

test('an outage that begins before anything was confirmed begins with its first failure', () => {
  const state = judgeAll([up, bad, bad]).at(-1)

  assert.equal(state?.status, 'down')
  assert.equal(state?.since, START + 2 * MINUTE)
})
