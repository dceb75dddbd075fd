/** What people do with incidents: notes, acknowledgements, announcements. */
import { Incident } from '@payer-status/protocol'
import type { ApiKeys } from '../auth.ts'
import type { Listener } from '../listener.ts'
import { act, NEEDS_WRITE, writeAccess } from './acting.ts'
import { AnnouncementBody, NoteBody } from './action-shapes.ts'
import { answers } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { demandHarmless } from './free-text.ts'
import { IncidentPath } from './incidents.ts'
import { payersNamed, typesNamed } from './query.ts'

const problems = [400, 401, 404, 409, 413, 415, 422, 429, 503, 504] as const
const common = {
  tags: ['Incidents'],
  description: NEEDS_WRITE,
  security: [{ apiKey: [] }],
}

/** `POST /api/v1/incidents` and what follows an incident's path. */
export function incidentActionRoutes(app: Listener, deps: HttpDeps, keys: ApiKeys): void {
  announceRoute(app, deps, keys)
  noteRoute(app, deps, keys)
  plainRoute(app, deps, { keys, command: 'acknowledge' })
  plainRoute(app, deps, { keys, command: 'resolve' })
}

function announceRoute(app: Listener, deps: HttpDeps, keys: ApiKeys): void {
  const { onRequest, by } = writeAccess(keys)
  const schema = {
    ...common,
    operationId: 'announceIncident',
    summary: 'Announce an incident that no probe shows',
    body: AnnouncementBody,
    response: answers(Incident, 'The incident', problems),
  }
  app.post('/api/v1/incidents', { schema, onRequest }, (request) => {
    const { text, severity, advice, ...names } = request.body
    demandHarmless(text, deps.clock.now())
    const payers = payersNamed(deps, names.payers)
    const types = typesNamed(deps, names.types)
    const said = { payers, types, severity, advice, text, by: by(request) }
    return act(deps, { command: 'announce', ...said })
  })
}

function noteRoute(app: Listener, deps: HttpDeps, keys: ApiKeys): void {
  const { onRequest, by } = writeAccess(keys)
  const schema = {
    ...common,
    operationId: 'noteIncident',
    summary: 'Add a note to an incident',
    params: IncidentPath,
    body: NoteBody,
    response: answers(Incident, 'The incident with its notes', problems),
  }
  app.post('/api/v1/incidents/:id/notes', { schema, onRequest }, (request) => {
    const { text } = request.body
    demandHarmless(text, deps.clock.now())
    return act(deps, { command: 'note', incident: request.params.id, text, by: by(request) })
  })
}

const SUMMARIES = {
  acknowledge: 'Say that somebody sees to an incident',
  resolve: 'End an announced incident',
}

function plainRoute(
  app: Listener,
  deps: HttpDeps,
  { keys, command }: { keys: ApiKeys; command: keyof typeof SUMMARIES },
): void {
  const { onRequest, by } = writeAccess(keys)
  const schema = {
    ...common,
    operationId: `${command}Incident`,
    summary: SUMMARIES[command],
    params: IncidentPath,
    response: answers(Incident, 'The incident', problems),
  }
  app.post(`/api/v1/incidents/:id/${command}`, { schema, onRequest }, (request) =>
    act(deps, { command, incident: request.params.id, by: by(request) }),
  )
}
