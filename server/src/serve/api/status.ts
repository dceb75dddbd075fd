/** The two reads that clients of the original service know, in its words. */
import type { ResolvedFilter, Status } from '@payer-status/protocol'
import * as z from 'zod'
import type { EndpointState } from '../../model.ts'
import type { Listener } from '../listener.ts'
import { liveAnswers } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { sendLive } from './live.ts'
import { filterOf, nameInPath, namesParam, payerInPath, query } from './query.ts'

const FlatStatus = z.strictObject({
  payer: z.string().meta({ description: 'Its display name' }),
  type: z.string(),
  status: z.enum(['healthy', 'degraded', 'unhealthy', 'maintenance', 'unknown']),
  last_check: z.iso.datetime({ precision: 3 }).nullable(),
  latency_ms: z.int().nonnegative().nullable(),
  status_code: z.int().meta({ description: '0 without an answer' }),
})
type FlatStatus = z.infer<typeof FlatStatus>

const FlatList = z.array(FlatStatus)

const Catalogue = z.strictObject({
  payers: z.array(z.string()).meta({ description: 'Display names' }),
  types: z.array(z.string()),
  total_payers: z.int().nonnegative(),
  total_endpoints: z.int().nonnegative(),
})

const WORDS: Record<Status, FlatStatus['status']> = {
  operational: 'healthy',
  degraded: 'degraded',
  down: 'unhealthy',
  maintenance: 'maintenance',
  unknown: 'unknown',
}

const tags = ['Original']

/** `GET /status`, `GET /status/{payer}` and `GET /api/config`. */
export function originalRoutes(app: Listener, deps: HttpDeps): void {
  const { board } = deps
  const list = {
    tags,
    operationId: 'listStatus',
    summary: 'Status of every endpoint, as the original service would say it',
    querystring: query({
      payer: namesParam('Only these payers'),
      type: namesParam('Only these types'),
    }),
    response: liveAnswers(FlatList, 'One entry per endpoint', [400]),
  }
  app.get('/status', { schema: list }, (request, reply) => {
    const filter = filterOf(deps, request.query)
    return sendLive(reply, board, () => flatList(board.endpoints(), filter))
  })

  const one = {
    tags,
    operationId: 'listStatusOfPayer',
    summary: 'Status of every endpoint of one payer, as the original service would say it',
    params: z.strictObject({ payer: nameInPath('Id, name, alias or identifier of a payer') }),
    response: liveAnswers(FlatList, 'One entry per endpoint', [400, 404]),
  }
  app.get('/status/:payer', { schema: one }, (request, reply) => {
    const payer = payerInPath(deps, request.params.payer)
    return sendLive(reply, board, () => flatList(board.endpointsOf(payer)))
  })

  const config = {
    tags,
    operationId: 'getCatalogue',
    summary: 'What is watched, as the original service would say it',
    response: liveAnswers(Catalogue, 'Names and numbers'),
  }
  app.get('/api/config', { schema: config }, (_request, reply) =>
    sendLive(reply, board, () => JSON.stringify(catalogue(deps))),
  )
}

function flatList(states: Iterable<EndpointState>, filter?: ResolvedFilter): string {
  const wanted = [...states].filter((state) => filter === undefined || filter.matches(state))
  wanted.sort((a, b) => (a.endpoint < b.endpoint ? -1 : 1))
  return JSON.stringify(wanted.map(flatStatus))
}

function flatStatus({ payerName, type, status, result }: EndpointState): FlatStatus {
  return {
    payer: payerName,
    type,
    status: WORDS[status],
    last_check: result && new Date(result.at).toISOString(),
    latency_ms: result && Math.round(result.latencyMs),
    status_code: result?.statusCode ?? 0,
  }
}

function catalogue({ board }: HttpDeps): z.infer<typeof Catalogue> {
  const payers = [...board.payers()].map(({ name }) => name).sort()
  const types = [...board.endpoints()].map(({ type }) => type)
  return {
    payers,
    types: [...new Set(types)].sort(),
    total_payers: payers.length,
    total_endpoints: types.length,
  }
}
