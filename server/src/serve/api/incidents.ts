import { Incident } from '@payer-status/protocol'
import * as z from 'zod'
import type { Listener } from '../listener.ts'
import { ProblemError } from '../problem.ts'
import { listOf, liveAnswers } from './answers.ts'
import { fromHistory } from './ask-history.ts'
import type { HttpDeps } from './deps.ts'
import { sendLive, sendLiveLater } from './live.ts'
import { forgotten, type IncidentsAsked, incidentsPage, isIncidentId } from './past-incidents.ts'
import { filterOf, flagParam, nameInPath, namesParam, pageParams, query } from './query.ts'

const tags = ['Incidents']

/** The path of one incident. */
export const IncidentPath = z.strictObject({
  id: nameInPath('Id of the incident, `inc_` and a ULID'),
})

/** `GET /api/v1/incidents` and `GET /api/v1/incidents/{id}`. */
export function incidentRoutes(app: Listener, deps: HttpDeps): void {
  listRoute(app, deps)
  oneRoute(app, deps)
}

/** Open ones are all on the board: asking for those needs no store. */
const nothingPast = { incidents: async () => [] }

function listRoute(app: Listener, deps: HttpDeps): void {
  const schema = {
    tags,
    operationId: 'listIncidents',
    summary: 'Incidents, newest first',
    description: 'Open ones, and those that were closed within the time that history is kept.',
    querystring: query({
      open: flagParam('`true`: only open ones; `false`: only resolved ones'),
      payer: namesParam('Only incidents of these payers'),
      ...pageParams,
    }),
    response: liveAnswers(listOf(Incident), 'Incidents, newest first', [400, 503]),
  }
  app.get('/api/v1/incidents', { schema }, (request, reply) => {
    const { open, payer = [], limit, cursor } = request.query
    filterOf(deps, { payer })
    const payers = payer.map((name) => deps.names.payer(name) ?? '')
    return sendLiveLater(reply, deps.board, async () => {
      const { items, next } = await pageOfAll(deps, { open, payers, limit, cursor })
      return `{"items":[${items.join(',')}],"next":${JSON.stringify(next)}}`
    })
  })
}

function pageOfAll(deps: HttpDeps, asked: IncidentsAsked): ReturnType<typeof incidentsPage> {
  const { board } = deps
  if (asked.open === true) return incidentsPage({ board, history: nothingPast }, asked)
  return fromHistory(deps, (history) => incidentsPage({ board, history }, asked))
}

function oneRoute(app: Listener, deps: HttpDeps): void {
  const { board } = deps
  const schema = {
    tags,
    operationId: 'getIncident',
    summary: 'One incident',
    params: IncidentPath,
    response: liveAnswers(Incident, 'The incident', [400, 404, 503]),
  }
  app.get('/api/v1/incidents/:id', { schema }, async (request, reply) => {
    const { id } = request.params
    const incident = board.incident(id)
    if (incident?.log.value) return sendLive(reply, board, () => incident.json)
    const past = isIncidentId(id)
      ? await fromHistory(deps, (history) => history.incident(id))
      : null
    if (past === null)
      throw new ProblemError('not_found', 'no incident has this id, or it is no longer remembered')
    return sendLive(reply, board, () => forgotten(past))
  })
}
