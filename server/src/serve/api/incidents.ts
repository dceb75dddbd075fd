import { Incident } from '@payer-status/protocol'
import * as z from 'zod'
import type { IncidentRecord } from '../../model.ts'
import type { Listener } from '../listener.ts'
import { ProblemError } from '../problem.ts'
import { listOf, liveAnswers } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { sendLive } from './live.ts'
import { type Listing, pageOf } from './page.ts'
import { filterOf, flagParam, nameInPath, namesParam, pageParams, query } from './query.ts'

/** Ids begin with their time, so the largest is the newest. */
const listing: Listing<IncidentRecord> = {
  list: 'incidents',
  keyOf: ({ id }) => id,
  order: 'descending',
}

const tags = ['Incidents']

/** `GET /api/v1/incidents` and `GET /api/v1/incidents/{id}`. */
export function incidentRoutes(app: Listener, deps: HttpDeps): void {
  const { board } = deps
  const list = {
    tags,
    operationId: 'listIncidents',
    summary: 'Incidents, newest first',
    description: 'Open ones, and those closed within the time that is remembered.',
    querystring: query({
      open: flagParam('`true`: only open ones; `false`: only resolved ones'),
      payer: namesParam('Only incidents of these payers'),
      ...pageParams,
    }),
    response: liveAnswers(listOf(Incident), 'Incidents, newest first', [400]),
  }
  app.get('/api/v1/incidents', { schema: list }, (request, reply) => {
    const { open, payer = [], limit, cursor } = request.query
    filterOf(deps, { payer })
    const payers = payer.map((name) => deps.names.payer(name))
    const wants = (incident: IncidentRecord) =>
      (open === undefined || open === (incident.status !== 'resolved')) &&
      (payers.length === 0 || incident.payers.some((id) => payers.includes(id)))
    return sendLive(reply, board, () => {
      const { items, next } = pageOf([...board.incidents()].filter(wants), listing, {
        limit,
        cursor,
      })
      const records = items.map(({ id }) => board.incident(id)?.json)
      return `{"items":[${records.join(',')}],"next":${JSON.stringify(next)}}`
    })
  })

  const one = {
    tags,
    operationId: 'getIncident',
    summary: 'One incident',
    params: z.strictObject({ id: nameInPath('Id of the incident, `inc_` and a ULID') }),
    response: liveAnswers(Incident, 'The incident', [400, 404]),
  }
  app.get('/api/v1/incidents/:id', { schema: one }, (request, reply) => {
    const incident = board.incident(request.params.id)
    if (!incident?.log.value)
      throw new ProblemError('not_found', 'no incident has this id, or it is no longer remembered')
    return sendLive(reply, board, () => incident.json)
  })
}
