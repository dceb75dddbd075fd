import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEndpoint, aRefusal, aResult, aServerError } from '../../test/support/builders.ts'
import type { EndpointState, ProbeResult } from '../model.ts'
import { type Circumstances, cutOff, initialState, isUnconfirmed, judge } from './judge.ts'

const START = Date.UTC(2026, 0, 1)
const MINUTE = 60_000
const fine: Circumstances = { offline: false, answeredElsewhereAt: START + 365 * 24 * 60 * MINUTE }

type Step = ProbeResult | { result: ProbeResult; seen: Circumstances }

/** The states after each result, a minute apart. */
function judgeAll(steps: Step[], endpoint = anEndpoint()): EndpointState[] {
  let state = initialState(endpoint, 'us-east', START)
  return steps.map((step, i) => {
    const { result, seen } = 'result' in step ? step : { result: step, seen: fine }
    const at = START + (i + 1) * MINUTE
    state = judge(endpoint, state, { result: { ...result, at }, ...seen })
    return state
  })
}

const statuses = (states: EndpointState[]) => states.map(({ status }) => status)
const up = aResult()
const bad = aServerError()
const slow = aResult({ verdict: 'degraded', attribution: 'payer', codes: ['slow'] })
const closed = aResult({
  verdict: 'maintenance',
  attribution: 'payer',
  statusCode: 503,
  codes: ['HTTP:503'],
})
const limited = aResult({ verdict: 'degraded', attribution: 'probe', statusCode: 429 })

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

test('a first refusal is never shown as an outage of ours or theirs', () => {
  const state = judgeAll([aRefusal()])[0]

  assert.equal(state?.status, 'unknown')
  assert.equal(state?.reason?.kind, 'unconfirmed')
})

test('a refused connection counts as the payer’s when another host answered meanwhile', () => {
  assert.equal(judgeAll([up, up, aRefusal(), aRefusal()]).at(-1)?.status, 'down')
})

test('a refused connection that no other host witnesses makes the endpoint unknown', () => {
  const seen = { offline: false, answeredElsewhereAt: START + 2 * MINUTE }
  const states = judgeAll([up, up, { result: aRefusal(), seen }, { result: aRefusal(), seen }])

  assert.equal(states.at(-1)?.status, 'unknown')
  assert.equal(states.at(-1)?.reason?.kind, 'not_witnessed')
  assert.match(states.at(-1)?.reason?.message ?? '', /not reached from us-east/)
})

test('an answered error needs no witness', () => {
  const seen = { offline: false, answeredElsewhereAt: null }

  assert.equal(
    judgeAll([
      { result: bad, seen },
      { result: bad, seen },
    ]).at(-1)?.status,
    'down',
  )
})

test('while the vantage is offline nothing is down', () => {
  const seen = { offline: true, answeredElsewhereAt: null }
  const states = judgeAll([up, up, { result: aRefusal(), seen }, { result: aRefusal(), seen }])

  assert.deepEqual(statuses(states).slice(2), ['unknown', 'unknown'])
  assert.equal(states.at(-1)?.reason?.kind, 'vantage_offline')
})

test('after the vantage is back one healthy answer is enough, for the others were healthy too', () => {
  const seen = { offline: true, answeredElsewhereAt: null }
  const states = judgeAll([up, up, { result: aRefusal(), seen }, up])

  assert.equal(states.at(-1)?.status, 'operational')
  assert.equal(states.at(-1)?.since, START + 4 * MINUTE)
})

test('when the vantage goes offline a state is unknown from that moment', () => {
  const before = judgeAll([up, up, bad, bad]).at(-1)!

  const after = cutOff(before, START + 10 * MINUTE)

  assert.equal(after.status, 'unknown')
  assert.equal(after.since, START + 10 * MINUTE)
  assert.equal(after.reason?.kind, 'vantage_offline')
})

test('an unreviewed address is unknown until it has answered as expected once', () => {
  const endpoint = anEndpoint({ unreviewed: true })
  const states = judgeAll([bad, bad, bad, up, up, bad, bad], endpoint)

  assert.deepEqual(statuses(states), [
    'unknown',
    'unknown',
    'unknown',
    'unknown',
    'operational',
    'operational',
    'down',
  ])
  assert.equal(states[2]?.reason?.kind, 'never_reached')
  assert.equal(states[2]?.reason?.message, 'never reached from here')
})

test('an endpoint that cannot be probed says why', () => {
  const state = initialState(anEndpoint({ notProbeable: 'no address' }), 'us-east', START)

  assert.equal(state.status, 'unknown')
  assert.deepEqual(state.reason, { kind: 'not_probeable', codes: [], message: 'no address' })
  assert.equal(cutOff(state, START + 1), state)
})

test('an edge that answers without its application is unknown and says so', () => {
  const edge = aResult({ verdict: 'edge_up', attribution: 'none', statusCode: 401, failure: null })

  assert.equal(judgeAll([edge])[0]?.reason?.message, 'edge reachable, application not observed')
})

test('more than three changes within an hour are intermittent', () => {
  const states = judgeAll([up, up, bad, bad, up, up, bad, bad, up, up])

  assert.equal(states.at(-2)?.intermittent, false)
  assert.equal(states.at(-1)?.status, 'operational')
  assert.equal(states.at(-1)?.intermittent, true)
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
