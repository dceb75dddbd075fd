import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { anEndpoint, aRefusal, aResult, aServerError } from '../../test/support/builders.ts'
import type { EndpointState, ProbeResult } from '../model.ts'
import { healthOf } from './health.ts'
import { initialState, judge } from './judge.ts'

const START = Date.UTC(2026, 0, 1)
const anyResult: fc.Arbitrary<ProbeResult> = fc.constantFrom(
  aResult(),
  aServerError(),
  aRefusal(),
  aResult({ verdict: 'degraded', attribution: 'payer' }),
  aResult({ verdict: 'maintenance', attribution: 'payer' }),
  aResult({ verdict: 'probe_misconfigured', attribution: 'probe' }),
  aResult({ verdict: 'unknown', attribution: 'path', progress: 'nothing' }),
)
const anySteps = fc.array(
  fc.record({ result: anyResult, offline: fc.boolean(), witness: fc.boolean() }),
  {
    maxLength: 60,
  },
)

type Step = { result: ProbeResult; offline: boolean; witness: boolean }

function run(steps: readonly Step[]): { states: EndpointState[]; results: ProbeResult[] } {
  const endpoint = anEndpoint()
  const states = [initialState(endpoint, 'local', START)]
  const results = steps.map(({ result }, i) => ({ ...result, at: START + (i + 1) * 60_000 }))
  for (const [i, { offline, witness }] of steps.entries()) {
    const answeredElsewhereAt = witness ? Number.MAX_SAFE_INTEGER : null
    const seen = { result: results[i]!, offline, answeredElsewhereAt }
    states.push(judge(endpoint, states[i]!, seen))
  }
  return { states, results }
}

test('the same results always give the same states', async () => {
  await fc.assert(fc.property(anySteps, (steps) => assert.deepEqual(run(steps), run(steps))))
})

test('a status never begins after the result that changed it, nor before the one before it', async () => {
  await fc.assert(
    fc.property(anySteps, (steps) => {
      const { states, results } = run(steps)
      for (const [i, result] of results.entries()) {
        const [before, after] = [states[i]!, states[i + 1]!]
        assert.ok(after.since <= result.at)
        assert.ok(after.since >= before.since)
        if (after.status === before.status) assert.equal(after.since, before.since)
      }
    }),
  )
})

test('an endpoint goes down only when two of its last three conclusive results were bad', async () => {
  await fc.assert(
    fc.property(anySteps, (steps) => {
      const { states, results } = run(steps)
      for (const [i] of results.entries()) {
        if (states[i + 1]!.status !== 'down' || states[i]!.status === 'down') continue
        const bad = states[i + 1]!.memory.recent.filter((s) => s.health !== 'healthy')
        assert.ok(bad.length >= 2)
        assert.equal(steps[i]!.offline && results[i]!.progress !== 'answered', false)
      }
    }),
  )
})

test('two healthy results in a row always end in operational, or unsteady if it changes all the time', async () => {
  await fc.assert(
    fc.property(anySteps, (steps) => {
      const healthy = { result: aResult(), offline: false, witness: true }

      const { status, intermittent } = run([...steps, healthy, healthy]).states.at(-1)!
      assert.equal(status, intermittent ? 'degraded' : 'operational')
    }),
  )
})

test('results that are only our own fault never take an endpoint down', async () => {
  await fc.assert(
    fc.property(anySteps, (steps) => {
      const ours = steps.filter(({ result }) =>
        ['healthy', 'inconclusive'].includes(healthOf(result)),
      )

      assert.ok(
        run(ours).states.every(({ status }) => status === 'unknown' || status === 'operational'),
      )
    }),
  )
})

test('what the judge remembers is bounded', async () => {
  await fc.assert(
    fc.property(anySteps, (steps) => {
      const { memory } = run(steps).states.at(-1)!

      assert.ok(memory.recent.length <= 3)
      assert.ok(memory.changes.length <= 4)
    }),
  )
})
