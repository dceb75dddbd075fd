import { State, Status } from '@payer-status/protocol'
import * as z from 'zod'
import type { EndpointState } from '../../model.ts'
import type { Listener } from '../listener.ts'
import { listOf, liveAnswers } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { sendLive } from './live.ts'
import { type Listing, pageOf } from './page.ts'
import {
  endpointInPath,
  filterOf,
  nameInPath,
  namesParam,
  pageParams,
  query,
  wordsParam,
} from './query.ts'

const listing: Listing<EndpointState> = {
  list: 'endpoints',
  keyOf: ({ endpoint }) => endpoint,
  order: 'ascending',
}

const tags = ['Endpoints']

/** The path of one endpoint. */
export const EndpointPath = z.strictObject({
  payer: nameInPath('Id, name, alias or identifier of a payer'),
  name: nameInPath('Name of the endpoint inside its payer'),
})

/** `GET /api/v1/endpoints` and `GET /api/v1/endpoints/{payer}/{name}`. */
export function endpointRoutes(app: Listener, deps: HttpDeps): void {
  const { board } = deps
  const list = {
    tags,
    operationId: 'listEndpoints',
    summary: 'State of every endpoint, or of those that match',
    description: 'All given filters must match; an empty one means all.',
    querystring: query({
      payer: namesParam('Only these payers'),
      type: namesParam('Only these types or capabilities'),
      endpoint: namesParam('Only these endpoints, as `payer/name`'),
      status: wordsParam(Status, 'Only endpoints of this status'),
      ...pageParams,
    }),
    response: liveAnswers(listOf(State), 'States by endpoint', [400]),
  }
  app.get('/api/v1/endpoints', { schema: list }, (request, reply) => {
    const { status, limit, cursor, ...names } = request.query
    const filter = filterOf(deps, names)
    const wants = (state: EndpointState) =>
      filter.matches(state) && (!status?.length || status.includes(state.status))
    return sendLive(reply, board, () => {
      const matching = [...board.endpoints()].filter(wants)
      const { items, next } = pageOf(matching, listing, { limit, cursor })
      const records = items.map(({ endpoint }) => board.endpoint(endpoint)?.json)
      return `{"items":[${records.join(',')}],"next":${JSON.stringify(next)}}`
    })
  })

  const one = {
    tags,
    operationId: 'getEndpoint',
    summary: 'State of one endpoint',
    params: EndpointPath,
    response: liveAnswers(State, 'Its state', [400, 404]),
  }
  app.get('/api/v1/endpoints/:payer/:name', { schema: one }, (request, reply) => {
    const endpoint = endpointInPath(deps, request.params)
    return sendLive(reply, board, () => board.endpoint(endpoint)?.json ?? 'null')
  })
}
