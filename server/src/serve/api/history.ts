/** `GET .../endpoints/{payer}/{name}/results`, `/latency` and `/timeline`. */
import type { Listener } from '../listener.ts'
import { answers } from './answers.ts'
import { fromHistory } from './ask-history.ts'
import type { HttpDeps } from './deps.ts'
import { EndpointPath } from './endpoints.ts'
import { PastLatency, PastResults, PastTimeline } from './history-shapes.ts'
import { pastLatency, pastResult, statusChange } from './history-wire.ts'
import { endpointInPath, pageParams, query } from './query.ts'
import { spanOf, spanParams, stepParams, stepsOf } from './span.ts'
import { ahead, instantPage, positionOf } from './time-cursor.ts'

const tags = ['History']
const problems = [400, 404, 503] as const
const path = '/api/v1/endpoints/:payer/:name'
/** It grows all the time. */
/** The row in force at the begin, which may lie before what was seen. */
const IN_FORCE = 1
const FRESH = { 'cache-control': 'no-cache' }

/** The routes that tell an endpoint's past. */
export function historyRoutes(app: Listener, deps: HttpDeps): void {
  resultsRoute(app, deps)
  latencyRoute(app, deps)
  timelineRoute(app, deps)
}

function resultsRoute(app: Listener, deps: HttpDeps): void {
  const schema = {
    tags,
    operationId: 'listResults',
    summary: 'Results of one endpoint, newest first',
    params: EndpointPath,
    querystring: query({ ...spanParams, ...pageParams }),
    response: answers(PastResults, 'Results, newest first', problems),
  }
  app.get(`${path}/results`, { schema }, async (request, reply) => {
    const endpoint = endpointInPath(deps, request.params)
    const { limit, cursor } = request.query
    const { from, to } = spanOf(request.query, deps.clock.now())
    const list = `results ${endpoint}`
    const seen = positionOf(list, cursor)
    const asked = { endpoint, from, to: seen ? Math.min(to, seen.at + 1) : to }
    const rows = await fromHistory(deps, (history) =>
      history.results({ ...asked, limit: limit + ahead(seen) }),
    )
    const { items, next } = instantPage(rows, { list, limit, seen })
    reply.headers(FRESH)
    return { items: items.map(pastResult), next }
  })
}

function latencyRoute(app: Listener, deps: HttpDeps): void {
  const schema = {
    tags,
    operationId: 'getLatency',
    summary: 'Latency percentiles and availability of one endpoint, step by step',
    description: 'At most 2,000 steps of at least five minutes, within 400 days.',
    params: EndpointPath,
    querystring: query(stepParams),
    response: answers(PastLatency, 'Its steps, oldest first', problems),
  }
  app.get(`${path}/latency`, { schema }, async (request, reply) => {
    const endpoint = endpointInPath(deps, request.params)
    const asked = { endpoint, ...stepsOf(request.query, deps.clock.now()) }
    const steps = await fromHistory(deps, (history) => history.latency(asked))
    reply.headers(FRESH)
    return pastLatency(asked, steps)
  })
}

function timelineRoute(app: Listener, deps: HttpDeps): void {
  const schema = {
    tags,
    operationId: 'getTimeline',
    summary: 'When the status of one endpoint changed',
    params: EndpointPath,
    querystring: query({ ...spanParams, ...pageParams }),
    response: answers(PastTimeline, 'Changes, oldest first', problems),
  }
  app.get(`${path}/timeline`, { schema }, async (request, reply) => {
    const endpoint = endpointInPath(deps, request.params)
    const { limit, cursor } = request.query
    const { from, to } = spanOf(request.query, deps.clock.now())
    const list = `timeline ${endpoint}`
    const seen = positionOf(list, cursor)
    const asked = { endpoint, from: seen ? Math.max(from, seen.at) : from, to }
    const rows = await fromHistory(deps, (history) =>
      history.timeline({ ...asked, limit: limit + ahead(seen) + IN_FORCE }),
    )
    const rest = seen ? rows.filter(({ at }) => at >= seen.at) : rows
    const { items, next } = instantPage(rest, { list, limit, seen })
    reply.headers(FRESH)
    return { items: items.map(statusChange), next }
  })
}
