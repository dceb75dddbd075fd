import type { EndpointState, ProbeResult } from '../../src/model.ts'
import { type Circumstances, initialState, judge } from '../../src/status/judge.ts'
import { anEndpoint, aResult, aServerError } from './builders.ts'

export const START = Date.UTC(2026, 0, 1)
export const MINUTE = 60_000
export const fine: Circumstances = {
  offline: false,
  answeredElsewhereAt: START + 365 * 24 * 60 * MINUTE,
}

type Step = ProbeResult | { result: ProbeResult; seen: Circumstances }

/** The states after each result, a minute apart. */
export function judgeAll(steps: Step[], endpoint = anEndpoint()): EndpointState[] {
  let state = initialState(endpoint, 'us-east', START)
  return steps.map((step, i) => {
    const { result, seen } = 'result' in step ? step : { result: step, seen: fine }
    const at = START + (i + 1) * MINUTE
    state = judge(endpoint, state, { result: { ...result, at }, ...seen })
    return state
  })
}

export const statuses = (states: EndpointState[]) => states.map(({ status }) => status)
export const up = aResult()
export const bad = aServerError()
export const slow = aResult({ verdict: 'degraded', attribution: 'payer', codes: ['slow'] })
export const closed = aResult({
  verdict: 'maintenance',
  attribution: 'payer',
  statusCode: 503,
  codes: ['HTTP:503'],
})
export const limited = aResult({ verdict: 'degraded', attribution: 'probe', statusCode: 429 })
