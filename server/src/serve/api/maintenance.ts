/** Maintenance windows, and what announces them. */
import { Window } from '@payer-status/protocol'
import { subjectsOfWindow } from '../../board/scope.ts'
import type { WindowRecord } from '../../model.ts'
import type { Listener } from '../listener.ts'
import { listOf, liveAnswers } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { sendLive } from './live.ts'
import { MaintenancePlan, toWirePlan } from './maintenance-shapes.ts'
import { type Listing, pageOf } from './page.ts'
import { filterOf, namesParam, pageParams, query, wordsParam } from './query.ts'
import { timeParam } from './span.ts'

const tags = ['Maintenance']

/** `GET /api/v1/maintenance` and `GET /api/v1/maintenance/plans`. */
export function maintenanceRoutes(app: Listener, deps: HttpDeps): void {
  windowsRoute(app, deps)
  plansRoute(app, deps)
}

const windows: Listing<WindowRecord> = {
  list: 'windows',
  keyOf: ({ startsAt, id }) => `${startsAt} ${id}`,
  order: 'ascending',
}

function windowsRoute(app: Listener, deps: HttpDeps): void {
  const { board } = deps
  const schema = {
    tags,
    operationId: 'listMaintenance',
    summary: 'Maintenance windows, the earliest first',
    description: 'What is under way, what comes next of each plan, and what was over lately.',
    querystring: query({
      payer: namesParam('Only windows of these payers'),
      type: namesParam('Only windows that concern these types or capabilities'),
      state: wordsParam(Window.shape.state, 'Only windows in these states'),
      from: timeParam('Only windows that end after this, RFC 3339'),
      to: timeParam('Only windows that begin before this, RFC 3339'),
      ...pageParams,
    }),
    response: liveAnswers(listOf(Window), 'Windows by their begin', [400]),
  }
  app.get('/api/v1/maintenance', { schema }, (request, reply) => {
    const { limit, cursor, ...asked } = request.query
    const wants = wantedOf(deps, asked)
    return sendLive(reply, board, () => {
      const matching = [...board.values('window')].filter(wants)
      const { items, next } = pageOf(matching, windows, { limit, cursor })
      const records = items.map(({ id }) => board.entry('window', id)?.json)
      return `{"items":[${records.join(',')}],"next":${JSON.stringify(next)}}`
    })
  })
}

type Asked = {
  payer?: string[] | undefined
  type?: string[] | undefined
  state?: string[] | undefined
  from?: number | undefined
  to?: number | undefined
}

/** Which windows are asked for. @throws {ProblemError} 400 for the first name that nothing has */
function wantedOf(
  deps: Pick<HttpDeps, 'board' | 'names'>,
  { state, from = 0, to = Number.POSITIVE_INFINITY, ...names }: Asked,
): (window: WindowRecord) => boolean {
  const filter = filterOf(deps, names)
  const isOfThem = (window: WindowRecord) =>
    filter.key === '' ||
    subjectsOfWindow(window, deps.board.endpointsOf(window.payer)).some(filter.matches)
  return (window) =>
    (!state?.length || state.includes(window.state)) &&
    (window.state === 'overrun' || Date.parse(window.endsAt) > from) &&
    Date.parse(window.startsAt) < to &&
    isOfThem(window)
}

const plans: Listing<MaintenancePlan> = {
  list: 'plans',
  keyOf: ({ payer, id }) => `${payer} ${id}`,
  order: 'ascending',
}

function plansRoute(app: Listener, deps: HttpDeps): void {
  const { board } = deps
  const schema = {
    tags,
    operationId: 'listMaintenancePlans',
    summary: 'Announced maintenance: what comes once, and rules of what comes again',
    querystring: query({ payer: namesParam('Only plans of these payers'), ...pageParams }),
    response: liveAnswers(listOf(MaintenancePlan), 'Plans by payer', [400]),
  }
  app.get('/api/v1/maintenance/plans', { schema }, (request, reply) => {
    const { payer = [], limit, cursor } = request.query
    filterOf(deps, { payer })
    const payers = payer.map((name) => deps.names.payer(name) ?? '')
    return sendLive(reply, board, () => {
      const all = [...board.values('plan')]
        .filter((plan) => payers.length === 0 || payers.includes(plan.payer))
        .map((plan) => toWirePlan(plan, board.entry('plan', plan.id)?.log.rev ?? 0))
      return JSON.stringify(pageOf(all, plans, { limit, cursor }))
    })
  })
}
