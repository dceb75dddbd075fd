import type {
  DayMinutes,
  HistoryRow,
  IncidentRecord,
  LatencyStep,
  TimelineRow,
} from '../../src/model.ts'
import type { History, Span } from '../../src/ports.ts'
import { aResult } from './builders.ts'

type Known = {
  results?: readonly HistoryRow[]
  timeline?: readonly TimelineRow[]
  days?: ReadonlyMap<string, DayMinutes[]>
  incidents?: readonly IncidentRecord[]
  latency?: readonly LatencyStep[]
}

/** History that holds exactly these, for tests of what is made of it; `asked` lists what it was asked. */
export function knownHistory(
  known: Known,
): History & { asked: [method: string, asked: unknown][] } {
  const { results = [], timeline = [], days = new Map(), incidents = [], latency = [] } = known
  const asked: [string, unknown][] = []
  const within = ({ from, to }: Span, at: number) => at >= from && at < to
  return {
    asked,
    async results(query) {
      asked.push(['results', query])
      const own = results.filter((row) => row.endpoint === query.endpoint && within(query, row.at))
      return own.sort((a, b) => b.at - a.at).slice(0, query.limit)
    },
    async latency(query) {
      asked.push(['latency', query])
      return [...latency]
    },
    async timeline(query) {
      asked.push(['timeline', query])
      const own = timeline.filter(
        ({ endpoint, at }) => endpoint === query.endpoint && at < query.to,
      )
      const inForce = own.findLastIndex(({ at }) => at <= query.from)
      return own.slice(Math.max(0, inForce)).slice(0, query.limit)
    },
    async days(query) {
      asked.push(['days', query])
      return new Map([...days].filter(([id]) => query.endpoints?.includes(id) ?? true))
    },
    async incidents(query) {
      asked.push(['incidents', query])
      const { payers, open, before = 'z', limit } = query
      const matching = incidents.filter(
        (incident) =>
          incident.id < before &&
          (open === undefined || open === (incident.status !== 'resolved')) &&
          (payers === undefined || incident.payers.some((id) => payers.includes(id))),
      )
      return matching.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit)
    },
    incident: async (id) => incidents.find((incident) => incident.id === id) ?? null,
  }
}

/** A row of history; any part may be replaced. */
export function aRow(parts: Partial<HistoryRow> = {}): HistoryRow {
  const { endpoint, at, latencyMs, statusCode, attempts, verdict, attribution, evidence } =
    aResult()
  const { codes, phases } = aResult()
  const result = { endpoint, at, latencyMs, statusCode, attempts, verdict, attribution, evidence }
  return { ...result, codes, phases, failure: null, intervalMs: 60_000, ...parts }
}
