import { Board } from '../../src/board/board.ts'
import type { EndpointState, IncidentRecord, LogRecord, PayerState } from '../../src/model.ts'
import { aResult } from './builders.ts'

/** A board that holds these records, in this order. */
export function boardWith(records: readonly LogRecord[], epoch = 'e1'): Board {
  const board = new Board(epoch)
  for (const record of records) put(board, record)
  return board
}

/** Adds or replaces a record. */
export function put(board: Board, record: LogRecord): void {
  const rev = board.rev + 1
  board.apply({ ...record, rev, statusRev: rev, resultRev: rev, at: Date.UTC(2026, 0, 1) })
}

/** An endpoint's record; its id decides payer and type unless `parts` do. */
export function endpointRecord(id: string, parts: Partial<EndpointState> = {}): LogRecord {
  return { kind: 'endpoint', id, value: endpointState(id, parts) }
}

/** What an endpoint's record says. */
export function endpointState(id: string, parts: Partial<EndpointState> = {}): EndpointState {
  const [payer = '', name = ''] = id.split('/')
  return {
    endpoint: id,
    payer,
    payerName: payer.toUpperCase(),
    type: name,
    capability: null,
    via: 'direct',
    url: `https://${payer}.example/${name}`,
    vantage: 'local',
    status: 'operational',
    intermittent: false,
    since: Date.UTC(2026, 0, 1),
    evidence: 'L1',
    verdict: 'up',
    attribution: 'none',
    advice: { action: 'proceed' },
    reason: null,
    result: aResult({ endpoint: id }),
    memory: { recent: [], changes: [], reached: true },
    ...parts,
  }
}

/** A payer's record. */
export function payerRecord(payer: string, parts: Partial<PayerState> = {}): LogRecord {
  const value: PayerState = {
    payer,
    name: payer.toUpperCase(),
    aliases: [],
    identifiers: [],
    status: 'operational',
    types: {},
    ...parts,
  }
  return { kind: 'payer', id: payer, value }
}

/** An open incident of one endpoint; `order` makes its id, larger is newer. */
export function incidentRecord(order: number, parts: Partial<IncidentRecord> = {}): LogRecord {
  const id = `inc_01${String(order).padStart(24, '0')}`
  const value: IncidentRecord = {
    id,
    key: `endpoint:${order}`,
    parent: null,
    scope: 'endpoint',
    payers: ['aetna'],
    endpoints: ['aetna/eligibility'],
    types: ['eligibility'],
    status: 'identified',
    severity: 'major',
    openedAt: '2026-01-01T00:00:00.000Z',
    confirmedAt: '2026-01-01T00:01:00.000Z',
    resolvedAt: null,
    cause: { kind: 'http_5xx', codes: ['HTTP:503'], attribution: 'payer', message: 'answers 503' },
    advice: { action: 'hold' },
    planned: false,
    acknowledgedBy: null,
    notes: [],
    ...parts,
  }
  return { kind: 'incident', id, value }
}
