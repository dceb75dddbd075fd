import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { endpointState } from '../../test/support/board-with.ts'
import { anEndpoint } from '../../test/support/builders.ts'
import { bad, closed, fine, limited, MINUTE, START, slow, up } from '../../test/support/judged.ts'
import type { EndpointState } from '../model.ts'
import { type Covering, covered, isExcused, uncovered } from './cover.ts'
import { initialState, judge } from './judge.ts'
import { paused, resumed } from './marks.ts'

const endpoint = anEndpoint()
const SEES = [up, bad, slow, closed, limited]

/** A window of minutes after the start. */
function windowOf(from: number, to: number, phase: Covering['phase']): Covering {
  return { id: 'mw_1', phase, startsAt: START + from * MINUTE, endsAt: START + to * MINUTE }
}

/** What results lead to, one a minute, as the judge says it. */
function judged(sees: readonly (typeof up)[]): EndpointState {
  return sees.reduce(
    (before, result, i) =>
      judge(endpoint, before, { ...fine, result: { ...result, at: START + i * MINUTE } }),
    initialState(endpoint, 'local', START),
  )
}

const Story = fc.array(fc.constantFrom(...SEES), { minLength: 1, maxLength: 30 })
const Window = fc
  .tuple(fc.nat(30), fc.integer({ min: 1, max: 30 }))
  .chain(([from, length]) =>
    fc
      .constantFrom('in' as const, 'grace' as const, 'overrun' as const)
      .map((phase) => windowOf(from, from + length, phase)),
  )

test('what is beneath comes out as it went in, whatever lay over it', () => {
  fc.assert(
    fc.property(Story, Window, Story, (sees, window, others) => {
      const state = judged(sees)
      const over = { window, spans: [window], before: judged(others) }
      const shown = covered(state, over)

      assert.deepEqual(uncovered(shown), state)
      assert.deepEqual(covered(uncovered(shown), over), shown)
    }),
  )
})

test('within a window nothing is ever down, and all else is as the judge says', () => {
  fc.assert(
    fc.property(Story, fc.nat(30), (sees, from) => {
      const window = windowOf(from, from + 60, 'in')
      const state = judged(sees)
      const {
        status,
        window: id,
        advice,
      } = covered(state, { window, spans: [], before: undefined })
      const isOut = state.status === 'down' || state.status === 'maintenance'

      assert.equal(id, window.id)
      assert.equal(status, isOut ? 'maintenance' : state.status)
      assert.deepEqual(advice, state.advice)
    }),
  )
})

test('nothing lies over what has no window', () => {
  const state = judged([bad, bad])

  assert.equal(covered(state, { window: undefined, spans: [], before: undefined }), state)
  assert.equal(uncovered(state), state)
})

test('what was out at the end is that still when it fails by something else', () => {
  const window = windowOf(0, 10, 'grace')
  const before = covered(judged([up, up, closed, closed]), {
    window: { ...window, phase: 'in' },
    spans: [],
    before: undefined,
  })
  const later = { ...judged([up, up, bad, bad]), since: START + 11 * MINUTE }
  const show = (last: EndpointState | undefined) =>
    covered(later, { window, spans: [], before: last })

  assert.equal(isExcused(before), true)
  assert.deepEqual([show(before).status, show(before).since], ['maintenance', before.since])
  assert.equal(show(undefined).status, 'down')
})

test('what is paused within a window says nothing of what it was before', () => {
  const window = windowOf(0, 60, 'in')
  const shown = covered(judged([bad, bad]), { window, spans: [], before: undefined })
  const still = paused(shown, { at: START + 5 * MINUTE, until: null })

  assert.deepEqual([still.status, still.window], ['unknown', window.id])
  assert.equal(uncovered(resumed(still)).status, 'unknown')
})

test('changes within windows make nothing unsteady, those outside do', () => {
  const memory = { ...endpointState('a/b').memory, settled: 'operational' as const }
  const changes = [1, 2, 3, 4].map((minute) => START + minute * MINUTE)
  const state = endpointState('a/b', {
    status: 'degraded',
    intermittent: true,
    reason: { kind: 'intermittent', codes: [], message: 'its status changes' },
    advice: { action: 'retry_after', retryAfterMs: 1 },
    memory: { ...memory, changes },
  })
  const show = (to: number) => {
    const spans = [windowOf(0, to, 'in')]
    return covered(state, { window: undefined, spans, before: undefined })
  }

  assert.equal(show(1), state)
  const { status, intermittent, reason, advice } = show(2)
  assert.deepEqual([status, intermittent, reason], ['operational', false, null])
  assert.deepEqual(advice, { action: 'proceed' })
  assert.deepEqual(uncovered(show(2)), state)
})
