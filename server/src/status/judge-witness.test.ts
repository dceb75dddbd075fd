import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEndpoint, aRefusal, aServerError } from '../../test/support/builders.ts'
import { bad, judgeAll, MINUTE, START, statuses, up } from '../../test/support/judged.ts'
import { cutOff, initialState, judge } from './judge.ts'

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

test('a failure of our own network, once it is known as such, never counts against a payer', () => {
  const seen = { offline: false, answeredElsewhereAt: null }
  const [, , before] = judgeAll([up, up, { result: aRefusal(), seen }])
  const offline = cutOff(before!, START + 4 * MINUTE)

  const after = judge(anEndpoint(), offline, {
    result: aServerError({ at: START + 60 * MINUTE }),
    offline: false,
    answeredElsewhereAt: START + 50 * MINUTE,
  })

  assert.notEqual(after.status, 'down')
})

test('a page that is not found takes three results, and an address that never worked is our own mistake', () => {
  const gone = aServerError({
    statusCode: 404,
    codes: ['HTTP:404'],
    failure: { kind: 'http_4xx', message: 'expected status 200-399, got 404' },
  })
  const never = judgeAll([gone, gone, gone]).at(-1)

  assert.deepEqual(statuses(judgeAll([up, up, gone, gone, gone])).slice(2), [
    'operational',
    'operational',
    'down',
  ])
  assert.equal(never?.status, 'unknown')
  assert.equal(never?.verdict, 'probe_misconfigured')
  assert.deepEqual(never?.advice, { action: 'fix_request' })
})
