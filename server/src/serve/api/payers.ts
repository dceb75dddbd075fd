import { Payer } from '@payer-status/protocol'
import * as z from 'zod'
import type { PayerState } from '../../model.ts'
import type { Listener } from '../listener.ts'
import { listOf, liveAnswers } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { sendLive } from './live.ts'
import { type Listing, pageOf } from './page.ts'
import { nameInPath, pageParams, payerInPath, query } from './query.ts'

const listing: Listing<PayerState> = {
  list: 'payers',
  keyOf: ({ payer }) => payer,
  order: 'ascending',
}

const tags = ['Payers']

/** `GET /api/v1/payers` and `GET /api/v1/payers/{payer}`. */
export function payerRoutes(app: Listener, deps: HttpDeps): void {
  const { board } = deps
  const list = {
    tags,
    operationId: 'listPayers',
    summary: 'Every payer, with its status rolled up per type',
    querystring: query(pageParams),
    response: liveAnswers(listOf(Payer), 'Payers by id', [400]),
  }
  app.get('/api/v1/payers', { schema: list }, (request, reply) => {
    return sendLive(reply, board, () => {
      const { items, next } = pageOf(board.payers(), listing, request.query)
      const records = items.map(({ payer }) => board.payer(payer)?.json)
      return `{"items":[${records.join(',')}],"next":${JSON.stringify(next)}}`
    })
  })

  const one = {
    tags,
    operationId: 'getPayer',
    summary: 'One payer, with its status rolled up per type',
    params: z.strictObject({ payer: nameInPath('Id, name, alias or identifier of a payer') }),
    response: liveAnswers(Payer, 'The payer', [400, 404]),
  }
  app.get('/api/v1/payers/:payer', { schema: one }, (request, reply) => {
    const payer = payerInPath(deps, request.params.payer)
    return sendLive(reply, board, () => board.payer(payer)?.json ?? 'null')
  })
}
