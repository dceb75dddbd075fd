/** `GET /api/v1/uptime`: the availability of many endpoints, day by day. */
import * as z from 'zod'
import { availabilityOf, type StatusMinutes, sumOf } from '../../lib/availability.ts'
import type { DayMinutes, EndpointState } from '../../model.ts'
import type { Listener } from '../listener.ts'
import { answers } from './answers.ts'
import { fromHistory } from './ask-history.ts'
import type { HttpDeps } from './deps.ts'
import { Uptime, type UptimeRow } from './history-shapes.ts'
import { type Listing, pageOf } from './page.ts'
import { filterOf, namesParam, pageParams, query } from './query.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const MAX_DAYS = 90
const MAX_ENDPOINTS = 10_000
/** Rows that are made in one turn of the event loop: a large answer must not keep clients of the live feed waiting. */
const ROWS_A_TURN = 500

const daysText = `expected a whole number from 1 to ${MAX_DAYS}`
const limitText = `expected a whole number from 1 to ${MAX_ENDPOINTS}`

const wholeNumber = (expected: string, most: number) =>
  z.coerce.number({ error: expected }).int(expected).min(1, expected).max(most, expected)

const listing: Listing<EndpointState> = {
  list: 'uptime',
  keyOf: ({ endpoint }) => endpoint,
  order: 'ascending',
}

/** The days of an answer, oldest first: each with how many of its minutes have passed. */
type Days = { first: number; passed: readonly number[] }

/** The route. */
export function uptimeRoute(app: Listener, deps: HttpDeps): void {
  const schema = {
    tags: ['History'],
    operationId: 'getUptime',
    summary: 'Availability of every endpoint by UTC day, or of those that match',
    querystring: query({
      payer: namesParam('Only these payers'),
      type: namesParam('Only these types or capabilities'),
      days: wholeNumber(daysText, MAX_DAYS)
        .default(30)
        .meta({ description: 'How many days, today included' }),
      limit: wholeNumber(limitText, MAX_ENDPOINTS)
        .default(1_000)
        .meta({ description: 'Most endpoints in the answer' }),
      cursor: pageParams.cursor,
    }),
    response: answers(Uptime, 'Availability by endpoint and day', [400, 503]),
  }
  app.get('/api/v1/uptime', { schema }, async (request, reply) => {
    const { days: count, limit, cursor, ...names } = request.query
    const filter = filterOf(deps, names)
    const all = [...deps.board.endpoints()]
    const matching = all.filter((state) => filter.matches(state))
    const { items, next } = pageOf(matching, listing, { limit, cursor })
    const days = daysUpTo(deps.clock.now(), count)
    const asked = {
      from: days.first * DAY_MS,
      to: (days.first + count) * DAY_MS,
      ...(items.length < all.length && { endpoints: items.map(({ endpoint }) => endpoint) }),
    }
    const observed = await fromHistory(deps, (history) => history.days(asked))
    const rows = await rowsOf(deps, { items, days, observed })
    reply.headers({ 'cache-control': 'no-cache' }).type('application/json; charset=utf-8')
    return reply.send(
      `{"days":${JSON.stringify(datesOf(days))},"items":[${rows}],"next":${JSON.stringify(next)}}`,
    )
  })
}

function daysUpTo(now: number, count: number): Days {
  const today = Math.floor(now / DAY_MS)
  const whole = Array.from({ length: count - 1 }, () => DAY_MS / MINUTE_MS)
  return { first: today - count + 1, passed: [...whole, (now - today * DAY_MS) / MINUTE_MS] }
}

function datesOf({ first, passed }: Days): string[] {
  return passed.map((_, i) => new Date((first + i) * DAY_MS).toISOString().slice(0, 10))
}

/** Made of checked types, and as text at once: validating it again would take longer than all the rest. */
async function rowsOf(
  { clock }: Pick<HttpDeps, 'clock'>,
  read: {
    items: readonly EndpointState[]
    days: Days
    observed: ReadonlyMap<string, readonly DayMinutes[]>
  },
): Promise<string> {
  const rows: string[] = []
  for (const state of read.items) {
    rows.push(JSON.stringify(uptimeOf(state, read.days, read.observed.get(state.endpoint) ?? [])))
    if (rows.length % ROWS_A_TURN === 0)
      await new Promise<void>((resolve) => clock.after(0, resolve))
  }
  return rows.join(',')
}

const NOTHING: StatusMinutes = { operational: 0, degraded: 0, down: 0, maintenance: 0, planned: 0 }

/** One endpoint's row. `observed` may lack days, and hold others. */
export function uptimeOf(
  { endpoint, payer, type }: Pick<EndpointState, 'endpoint' | 'payer' | 'type'>,
  { first, passed }: Days,
  observed: readonly DayMinutes[],
): UptimeRow {
  const known = new Map(observed.map((day) => [day.day, day]))
  const days = passed.map((_, i): StatusMinutes => known.get(first + i) ?? NOTHING)
  const minutes: UptimeRow['minutes'] = {}
  for (const status of ['operational', 'degraded', 'down', 'maintenance', 'planned'] as const)
    if (days.some((day) => day[status] > 0)) minutes[status] = days.map((day) => round(day[status]))
  const whole = passed.reduce((sum, each) => sum + each, 0)
  return {
    endpoint,
    payer,
    type,
    ...availabilityOf(sumOf(days), whole),
    daily: days.map((day, i) => availabilityOf(day, passed[i] ?? 0).availability),
    minutes,
  }
}

/** To the second, or so. */
function round(minutes: number): number {
  return Math.round(minutes * 100) / 100
}
