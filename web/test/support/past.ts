/** A past for a world: the real REST API over a real store in memory, for boards whose feed is a fake monitor's. */
import type { TestContext } from 'node:test'
import { StoreError } from '../../../server/src/lib/errors.ts'
import type {
  HistoryRow,
  IncidentRecord,
  LogRecord,
  TimelineRow,
} from '../../../server/src/model.ts'
import type { History } from '../../../server/src/ports.ts'
import {
  aBatch,
  aRow,
  aStore,
  aTimeout,
  incidentEntry,
  inMemory,
} from '../../../server/test/support/a-store.ts'
import { boardWith, endpointRecord, payerRecord } from '../../../server/test/support/board-with.ts'
import { FakeClock } from '../../../server/test/support/fake-clock.ts'
import { startHttp } from '../../../server/test/support/http-monitor.ts'
import type { World } from './world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What has been, relative to now. */
export type Past = {
  /** How long ago it begins, ms. */
  length: number
  /** Of these endpoints every five minutes of the last day, and each hour before. */
  close?: readonly string[]
  /** When who was what; before and after all is well. Ms ago. */
  troubles?: readonly Trouble[]
  /** Resolved, and forgotten by the log. */
  incidents?: readonly IncidentRecord[]
}

/** One endpoint was out. */
export type Trouble = {
  endpoint: string
  status: TimelineRow['status']
  /** Ms ago. */
  from: number
  to: number
  planned?: boolean
}

/** The REST API that tells a past. */
export type PastSide = {
  url: string
  /** While it is true, history cannot be read. */
  isDown: boolean
}

/** Starts the REST API over the past of a world; it ends with the test. */
export async function startPast(t: TestContext, world: World, past: Past): Promise<PastSide> {
  const now = Date.now()
  const clock = new FakeClock(now)
  const store = await aStore(await inMemory(), { clock })
  t.after(() => store[Symbol.asyncDispose]())
  await store.restore('e1')
  await store.write(
    aBatch({
      results: world.endpoints.flatMap(({ endpoint }) => resultsOf(endpoint, past, now)),
      timeline: world.endpoints.flatMap(({ endpoint }) => timelineOf(endpoint, past, now)),
      entries: (past.incidents ?? []).map((value, i) =>
        incidentEntry(value, { rev: i + 1, at: Date.parse(value.openedAt) }),
      ),
    }),
  )
  const side: PastSide = { url: '', isDown: false }
  const history = failing(store, () => side.isDown)
  side.url = (await startHttp(t, { board: boardWith(recordsOf(world)), history, clock })).url
  return side
}

function recordsOf({ payers, endpoints, incidents }: World): LogRecord[] {
  return [
    ...payers.map(({ payer, name }) => payerRecord(payer, { name })),
    ...endpoints.map(({ endpoint, payerName, type, capability, status }) =>
      endpointRecord(endpoint, { payerName, type, capability, status }),
    ),
    ...incidents.map(
      ({ rev: _, ...value }): LogRecord => ({ kind: 'incident', id: value.id, value }),
    ),
  ]
}

function resultsOf(endpoint: string, { length, close, troubles }: Past, now: number): HistoryRow[] {
  const isClose = close?.includes(endpoint) ?? false
  const isOut = (ago: number) =>
    troubles?.some(
      (one) =>
        one.endpoint === endpoint && one.from >= ago && ago > one.to && one.status === 'down',
    )
  const rows: HistoryRow[] = []
  for (let ago = length; ago >= 0; ) {
    const intervalMs = isClose ? (ago <= DAY ? 5 * MINUTE : HOUR) : 8 * HOUR
    const at = now - ago
    const latencyMs = 400 + 150 * Math.sin(ago / HOUR) + (rows.length % 7) * 20
    rows.push(
      isOut(ago)
        ? aTimeout({ endpoint, at, intervalMs })
        : aRow({ endpoint, at, intervalMs, latencyMs }),
    )
    ago -= intervalMs
  }
  return rows
}

function timelineOf(endpoint: string, { length, troubles }: Past, now: number): TimelineRow[] {
  const well = (ago: number): TimelineRow => ({
    endpoint,
    at: now - ago,
    status: 'operational',
    planned: false,
  })
  const own = (troubles ?? []).filter((one) => one.endpoint === endpoint)
  const rows = own.flatMap(({ from, to, status, planned = false }) => [
    { endpoint, at: now - from, status, planned },
    ...(to > 0 ? [well(to)] : []),
  ])
  return [well(length), ...rows].sort((a, b) => a.at - b.at)
}

function failing(history: History, isDown: () => boolean): History {
  const unlessDown = <Asked, Answer>(ask: (asked: Asked) => Promise<Answer>) => {
    return (asked: Asked) =>
      isDown() ? Promise.reject(new StoreError('the disk is full')) : ask(asked)
  }
  return {
    results: unlessDown((asked) => history.results(asked)),
    latency: unlessDown((asked) => history.latency(asked)),
    timeline: unlessDown((asked) => history.timeline(asked)),
    days: unlessDown((asked) => history.days(asked)),
    incidents: unlessDown((asked) => history.incidents(asked)),
    incident: unlessDown((id) => history.incident(id)),
  }
}
