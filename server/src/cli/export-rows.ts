/** The rows of an export: read a piece at a time, so that little of them is in memory at once. */
import { availabilityOf } from '../lib/availability.ts'
import type { DayMinutes, HistoryRow, IncidentRecord } from '../model.ts'
import type { Span } from '../ports.ts'
import type { StoreReader } from '../store/reader.ts'
import type { Cell } from './csv.ts'

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, Cell>>

/** What is read: of these endpoints, or of all; steps of latencies in ms. */
export type Wanted = Span & {
  reader: StoreReader
  endpoints: readonly string[]
  isAll: boolean
  stepMs: number
  now: number
  /** Told before each piece how many of how many are done. */
  reached: (done: number, of: number) => void
}

/** Rows in order, some at a time. */
export type Rows = AsyncGenerator<readonly Row[]>

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Steps of latencies, days of all endpoints, and incidents that are read at once. */
const STEPS = 2_000
const DAYS = 7
const INCIDENTS = 500

/** The columns of each kind, and where its rows come from. */
export const KINDS = {
  results: {
    columns: [
      ...['endpoint', 'at', 'verdict', 'attribution', 'evidence', 'failure', 'codes'],
      ...['statusCode', 'attempts', 'latencyMs', 'dnsMs', 'connectMs', 'tlsMs', 'firstByteMs'],
      ...['transferMs', 'tokenMs', 'intervalMs'],
    ],
    rows: results,
  },
  timeline: { columns: ['endpoint', 'at', 'status', 'planned'], rows: timeline },
  latency: {
    columns: [
      ...['endpoint', 'at', 'stepMs', 'count', 'failures', 'p50Ms', 'p90Ms', 'p95Ms', 'p99Ms'],
    ],
    rows: latency,
  },
  incidents: {
    columns: [
      ...['id', 'parent', 'scope', 'status', 'severity', 'openedAt', 'confirmedAt', 'resolvedAt'],
      ...['planned', 'kind', 'codes', 'message', 'attribution', 'advice', 'payers', 'types'],
      ...['endpoints', 'acknowledgedBy', 'notes'],
    ],
    rows: incidents,
  },
  uptime: {
    columns: [
      ...['endpoint', 'day', 'operational', 'degraded', 'down', 'maintenance', 'planned'],
      ...['coverage', 'availability', 'netAvailability'],
    ],
    rows: uptime,
  },
} as const

export type Kind = keyof typeof KINDS

async function* results({ reader, endpoints, reached, ...span }: Wanted): Rows {
  const from = Math.max(span.from, await reader.oldestResultAt())
  for (const [done, endpoint] of endpoints.entries()) {
    reached(done, endpoints.length)
    for (const piece of pieces({ from, to: span.to }, DAY_MS)) {
      const rows = await reader.results({ endpoint, ...piece, limit: Number.POSITIVE_INFINITY })
      yield rows.reverse().map(resultOf)
    }
  }
}

function resultOf({ phases, codes, at, ...row }: HistoryRow): Row {
  return { ...row, ...phases, codes, at: timeOf(at), tokenMs: phases.tokenMs ?? null }
}

async function* timeline({ reader, endpoints, reached, from, to }: Wanted): Rows {
  for (const [done, endpoint] of endpoints.entries()) {
    reached(done, endpoints.length)
    const changes = await reader.timeline({ endpoint, from, to })
    yield changes.map(({ at, status, planned }) => ({ endpoint, at: timeOf(at), status, planned }))
  }
}

async function* latency({ reader, endpoints, reached, stepMs, from, to }: Wanted): Rows {
  const begin = Math.floor(from / stepMs) * stepMs
  for (const [done, endpoint] of endpoints.entries()) {
    reached(done, endpoints.length)
    for (const piece of pieces({ from: begin, to }, STEPS * stepMs)) {
      const steps = await reader.latency({ endpoint, ...piece, stepMs })
      yield steps.map(({ at, ...step }) => ({ endpoint, at: timeOf(at), stepMs, ...step }))
    }
  }
}

async function* uptime({ reader, endpoints, isAll, now, reached, ...span }: Wanted): Rows {
  const from = Math.floor(span.from / DAY_MS) * DAY_MS
  const days = Math.ceil((span.to - from) / DAY_MS)
  for (const piece of pieces({ from, to: span.to }, DAYS * DAY_MS)) {
    reached(Math.floor((piece.from - from) / DAY_MS), days)
    const found = await reader.days({ ...piece, ...(!isAll && { endpoints }) })
    const rows = endpoints.flatMap((endpoint) =>
      (found.get(endpoint) ?? []).map((day) => ({ endpoint, of: day })),
    )
    yield rows.sort((a, b) => a.of.day - b.of.day).map((row) => dayOf(row, now))
  }
}

function dayOf({ endpoint, of }: { endpoint: string; of: DayMinutes }, now: number): Row {
  const { day, ...minutes } = of
  const passed = Math.min(DAY_MS, now - day * DAY_MS) / MINUTE_MS
  const date = timeOf(day * DAY_MS).slice(0, 'yyyy-mm-dd'.length)
  return { endpoint, day: date, ...minutes, ...availabilityOf(minutes, passed) }
}

async function* incidents({ reader, endpoints, isAll, from, to }: Wanted): Rows {
  const wanted = new Set(endpoints)
  const isWanted = ({ openedAt, resolvedAt, endpoints }: IncidentRecord) =>
    Date.parse(openedAt) < to &&
    (resolvedAt === null || Date.parse(resolvedAt) >= from) &&
    (isAll || endpoints.some((id) => wanted.has(id)))
  for (let before: string | undefined; ; ) {
    const asked = { limit: INCIDENTS, ...(before !== undefined && { before }) }
    const page = await reader.incidents(asked)
    yield page.filter(isWanted).map(incidentOf)
    before = page.at(-1)?.id
    if (page.length < INCIDENTS) return
  }
}

function incidentOf({ cause, notes, advice, key: _, ...incident }: IncidentRecord): Row {
  const { kind, codes, message, attribution } = cause
  const [{ action }, texts] = [advice, notes.map(({ text }) => text)]
  return { ...incident, kind, codes, message, attribution, advice: action, notes: texts }
}

/** A stretch of time in pieces, each of which ends where the next one begins. */
function* pieces({ from, to }: Span, lengthMs: number): Generator<Span> {
  for (let begin = from; begin < to; begin += lengthMs)
    yield { from: begin, to: Math.min(to, begin + lengthMs) }
}

function timeOf(at: number): string {
  return new Date(at).toISOString()
}
