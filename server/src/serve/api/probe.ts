import { Attribution, EvidenceLevel, Result, Verdict } from '@payer-status/protocol'
import * as z from 'zod'
import { toWireResult } from '../../board/wire.ts'
import type { ProbeResult } from '../../model.ts'
import type { ApiKeys } from '../auth.ts'
import type { Listener } from '../listener.ts'
import { ProblemError } from '../problem.ts'
import { answers } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { EndpointPath } from './endpoints.ts'
import { endpointInPath } from './query.ts'
import { within } from './within.ts'

const ProbeAnswer = z.strictObject({
  endpoint: z.string(),
  probe: z.string().meta({ description: 'Finds this probe in the log' }),
  verdict: Verdict,
  attribution: Attribution,
  evidence: EvidenceLevel.nullable(),
  codes: z.array(z.string()),
  result: Result,
})

/** Longest wait for the result: a probe's own bound and its wait for a place, with room to spare. */
const MAX_WAIT_MS = 60_000

/** `POST /api/v1/endpoints/{payer}/{name}/probe`. */
export function probeRoute(app: Listener, deps: HttpDeps, keys: ApiKeys): void {
  const schema = {
    tags: ['Endpoints'],
    operationId: 'probeEndpoint',
    summary: 'Probe one endpoint now, within the budgets',
    description:
      'Needs an API key with the scope `probe`; none where both the listener and the caller are on loopback.',
    security: [{ apiKey: [] }],
    params: EndpointPath,
    response: answers(
      ProbeAnswer,
      'What the probe saw',
      [400, 401, 404, 409, 413, 415, 429, 503, 504],
    ),
  }
  const onRequest = async ({ raw }: { raw: Parameters<ApiKeys['demand']>[0] }) =>
    keys.demand(raw, 'probe')
  app.post('/api/v1/endpoints/:payer/:name/probe', { schema, onRequest }, async (request) => {
    const endpoint = endpointInPath(deps, request.params)
    const reason = deps.board.endpoint(endpoint)?.log.value?.reason
    if (reason?.kind === 'not_probeable' || reason?.kind === 'paused')
      throw new ProblemError('not_probeable', `this cannot be probed: ${reason.message}`)
    const asked = deps.bus.request({ command: 'probe', endpoint, patience: MAX_WAIT_MS })
    return probeAnswer(await within(deps.clock, asked, { ms: MAX_WAIT_MS, late }))
  })
}

function probeAnswer(result: ProbeResult): z.infer<typeof ProbeAnswer> {
  const { endpoint, probe, verdict, attribution, evidence, codes } = result
  return {
    endpoint,
    probe,
    verdict,
    attribution,
    evidence,
    codes: [...codes],
    result: toWireResult(result),
  }
}

function late(): ProblemError {
  return new ProblemError('timeout', `the probe had no result within ${MAX_WAIT_MS / 1_000} s`)
}
