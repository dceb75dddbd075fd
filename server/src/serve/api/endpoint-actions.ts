/** What people do with endpoints: pauses and silences. */
import { State } from '@payer-status/protocol'
import type { ApiKeys } from '../auth.ts'
import type { Listener } from '../listener.ts'
import { ProblemError } from '../problem.ts'
import { act, NEEDS_WRITE, writeAccess } from './acting.ts'
import { PauseBody, SilenceBody } from './action-shapes.ts'
import { answers } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { EndpointPath } from './endpoints.ts'
import { endpointInPath } from './query.ts'

/** Longest pause or silence that has an end, ms. */
const MAX_AHEAD_MS = 366 * 86_400_000

const common = {
  tags: ['Endpoints'],
  security: [{ apiKey: [] }],
  params: EndpointPath,
  response: answers(State, 'Its state', [400, 401, 404, 409, 413, 415, 429, 503, 504]),
}
const path = '/api/v1/endpoints/:payer/:name'

/** `POST .../pause`, `.../resume` and `.../silence`. */
export function endpointActionRoutes(app: Listener, deps: HttpDeps, keys: ApiKeys): void {
  pauseRoute(app, deps, keys)
  resumeRoute(app, deps, keys)
  silenceRoute(app, deps, keys)
}

function pauseRoute(app: Listener, deps: HttpDeps, keys: ApiKeys): void {
  const { onRequest, by } = writeAccess(keys)
  const schema = {
    ...common,
    operationId: 'pauseEndpoint',
    summary: 'Do not probe an endpoint for a while',
    description: `It is unknown meanwhile, and an open incident of it stays as it is. ${NEEDS_WRITE}`,
    body: PauseBody,
  }
  app.post(`${path}/pause`, { schema, onRequest }, (request) => {
    const endpoint = endpointInPath(deps, request.params)
    const until = endOf(request.body?.until, deps.clock.now())
    return act(deps, { command: 'pause', endpoint, until, by: by(request) })
  })
}

function resumeRoute(app: Listener, deps: HttpDeps, keys: ApiKeys): void {
  const { onRequest, by } = writeAccess(keys)
  const schema = {
    ...common,
    operationId: 'resumeEndpoint',
    summary: 'Probe an endpoint again',
    description: `It stays unknown until it has been seen. ${NEEDS_WRITE}`,
  }
  app.post(`${path}/resume`, { schema, onRequest }, (request) => {
    const endpoint = endpointInPath(deps, request.params)
    return act(deps, { command: 'resume', endpoint, by: by(request) })
  })
}

function silenceRoute(app: Listener, deps: HttpDeps, keys: ApiKeys): void {
  const { onRequest, by } = writeAccess(keys)
  const schema = {
    ...common,
    operationId: 'silenceEndpoint',
    summary: 'Send no alerts of an endpoint for a while',
    description: `It is probed and shown as ever. ${NEEDS_WRITE}`,
    body: SilenceBody,
  }
  app.post(`${path}/silence`, { schema, onRequest }, (request) => {
    const endpoint = endpointInPath(deps, request.params)
    const until = endOf(request.body.until, deps.clock.now())
    return act(deps, { command: 'silence', endpoint, until, by: by(request) })
  })
}

/** Epoch ms; null for no end. @throws {ProblemError} 400 for one that is over or too far away */
function endOf(until: string | null | undefined, now: number): number | null {
  if (until === null || until === undefined) return null
  const at = Date.parse(until)
  if (at > now && at <= now + MAX_AHEAD_MS) return at
  throw new ProblemError('invalid_request', 'body until: expected a time within a year from now')
}
