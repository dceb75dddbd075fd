import { silentLog } from '../../src/lib/log.ts'
import type { HistoryRow, IncidentRecord, LogEntry } from '../../src/model.ts'
import type { StoreBatch } from '../../src/ports.ts'
import type { Driver } from '../../src/store/driver.ts'
import { StoreEngine } from '../../src/store/engine.ts'
import { MemoryDriver } from '../../src/store/memory-driver.ts'
import type { Limits } from '../../src/store/retention.ts'
import { FakeClock } from './fake-clock.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** When the clocks of these tests begin: the first hour of a day. */
export const START = Date.UTC(2026, 0, 1)

/** One database, which can be opened again and again, as after a crash. */
export type Place = AsyncDisposable & { driver(): Promise<Driver> }

/** Tests by what they show. */
export type ContractTests = Record<string, (place: Place) => Promise<void>>

/** A place in memory. */
export async function inMemory(): Promise<Place> {
  const driver = new MemoryDriver()
  return { driver: async () => driver, async [Symbol.asyncDispose]() {} }
}

const LIMITS: Limits = {
  resultsFor: 7 * DAY,
  fiveMinutesFor: 35 * DAY,
  historyFor: 400 * DAY,
  maxSize: 2 ** 40,
  remember: DAY,
}

/** An engine over a place, on a clock that is moved by hand. */
export async function aStore(
  place: Place,
  { clock = new FakeClock(START), ...limits }: Partial<Limits> & { clock?: FakeClock } = {},
): Promise<StoreEngine & { clock: FakeClock }> {
  const driver = await place.driver()
  const deps = { driver, clock, limits: { ...LIMITS, ...limits }, log: silentLog }
  return Object.assign(new StoreEngine(deps), { clock })
}

/** A batch; what is left out is empty. */
export function aBatch(parts: Partial<StoreBatch> = {}): StoreBatch {
  return { entries: [], results: [], timeline: [], rev: 0, ...parts }
}

/** A good answer of `a/x`, which is asked every minute; any part may be replaced. */
export function aRow(parts: Partial<HistoryRow> = {}): HistoryRow {
  return {
    endpoint: 'a/x',
    at: START,
    latencyMs: 120.5,
    statusCode: 200,
    attempts: 1,
    verdict: 'up',
    attribution: 'none',
    evidence: 'L1',
    codes: ['HTTP:200'],
    phases: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: 100.2, transferMs: 20.3 },
    failure: null,
    intervalMs: MINUTE,
    ...parts,
  }
}

/** A probe that nothing answered. */
export function aTimeout(parts: Partial<HistoryRow> = {}): HistoryRow {
  return aRow({
    latencyMs: 10_000,
    statusCode: null,
    verdict: 'down',
    attribution: 'payer',
    evidence: null,
    codes: ['timeout.first_byte'],
    failure: 'timeout',
    ...parts,
  })
}

/** An incident of payer `a`; `n` makes its id, which grows with it. */
export function anIncident(n: number, parts: Partial<IncidentRecord> = {}): IncidentRecord {
  return {
    id: `inc_${String(n).padStart(26, '0')}`,
    key: `k${n}`,
    parent: null,
    scope: 'endpoint',
    payers: ['a'],
    endpoints: ['a/x'],
    types: ['eligibility'],
    status: 'investigating',
    severity: 'major',
    openedAt: new Date(START).toISOString(),
    confirmedAt: null,
    resolvedAt: null,
    cause: { kind: 'timeout', codes: [], attribution: 'payer', message: 'no answer' },
    advice: { action: 'hold' },
    planned: false,
    acknowledgedBy: null,
    notes: [],
    ...parts,
  }
}

/** The record of an incident in its place in the log. */
export function incidentEntry(value: IncidentRecord, place: { rev: number; at: number }): LogEntry {
  return { kind: 'incident', id: value.id, value, statusRev: place.rev, resultRev: 0, ...place }
}
