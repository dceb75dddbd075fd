import type { State, Window } from '@payer-status/client'
import type { PayerEntry } from '../store.ts'
import { columnKey, columnLabel } from './columns.ts'
import { isWrong, type RollupStatus, rankOf, rolledUp, type Status, wordOf } from './status.ts'
import { maintenanceEnd } from './windows.ts'
import { cellText } from './words.ts'

/** One transaction of one payer: the worst of its endpoints. */
export type Cell = {
  readonly key: string
  readonly status: Status
  readonly text: string
  /** How many endpoints there are, and how many of them are as bad as shown. */
  readonly count: number
  readonly alike: number
  readonly intermittent: boolean
  /** Not probed yet. */
  readonly isWaiting: boolean
  /** Grow with each result, and with each change of status. */
  readonly rev: number
  readonly statusRev: number
}

/** One payer as the table shows it. */
export type Row = {
  readonly id: string
  readonly name: string
  /** Orders names as people do, with a plain comparison. */
  readonly sortKey: string
  /** Its first identifier, as people know it. */
  readonly identifier: string | null
  readonly status: RollupStatus
  /** Since when its status is what it is, epoch ms. */
  readonly since: number | null
  readonly wrong: number
  /** By column. */
  readonly cells: ReadonlyMap<string, Cell>
  /** The worst first. */
  readonly endpoints: readonly State[]
  readonly windows: readonly Window[]
  /** What a search looks at: the payer's words, and those of each endpoint. */
  readonly words: string
  readonly endpointWords: readonly string[]
}

const rows = new WeakMap<PayerEntry, Row>()

/** The row of a payer; the same row for the same entry. */
export function rowOf(entry: PayerEntry): Row {
  const known = rows.get(entry) ?? newRow(entry)
  rows.set(entry, known)
  return known
}

function newRow(entry: PayerEntry): Row {
  const { id, payer } = entry
  const endpoints = [...entry.endpoints.values()].sort(
    (a, b) => rankOf(a.status) - rankOf(b.status) || a.endpoint.localeCompare(b.endpoint),
  )
  const windows = [...entry.windows.values()]
  const status = payer?.status ?? rolledUp(endpoints.map((state) => state.status))
  const name = payer?.name ?? endpoints[0]?.payerName ?? id
  const identifiers = payer?.identifiers ?? []
  return {
    id,
    name,
    sortKey: sortKeyOf(name),
    identifier: identifiers[0]?.value ?? null,
    status,
    since: sinceOf(endpoints),
    wrong: endpoints.filter((state) => isWrong(state.status)).length,
    cells: cellsOf(endpoints, windows),
    endpoints,
    windows,
    words: lower([name, id, ...(payer?.aliases ?? []), ...identifiers.map(({ value }) => value)]),
    endpointWords: endpoints.map(wordsOf),
  }
}

/** The oldest of the worst endpoints, while something is wrong; the latest change, while all is well. */
function sinceOf(endpoints: readonly State[]): number | null {
  const [worst] = endpoints
  if (worst === undefined) return null
  const times = endpoints
    .filter(({ status }) => status === worst.status)
    .map(({ since }) => Date.parse(since))
  return worst.status === 'operational' ? Math.max(...times) : Math.min(...times)
}

function cellsOf(
  endpoints: readonly State[],
  windows: readonly Window[],
): ReadonlyMap<string, Cell> {
  const groups = Map.groupBy(endpoints, columnKey)
  return new Map([...groups].map(([key, group]) => [key, cellOf(key, group, windows)]))
}

/** `group` has its worst first. */
function cellOf(key: string, group: readonly State[], windows: readonly Window[]): Cell {
  const worst = slowest(group.filter(({ status }) => status === group[0]?.status))
  return {
    key,
    status: worst.status,
    text: cellText(worst, maintenanceEnd(worst, windows)),
    count: group.length,
    alike: group.filter(({ status }) => status === worst.status).length,
    intermittent: group.some(({ intermittent }) => intermittent),
    isWaiting: isWaiting(worst),
    rev: Math.max(...group.map(({ rev }) => rev)),
    statusRev: Math.max(...group.map(({ statusRev }) => statusRev)),
  }
}

function slowest(group: readonly State[]): State {
  return group.reduce((slow, state) => (latencyOf(state) > latencyOf(slow) ? state : slow))
}

function latencyOf({ result }: State): number {
  return result?.latencyMs ?? -1
}

/** Without case and accents; `BCBS 9` comes before `BCBS 10`. */
function sortKeyOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return plain.replace(/\d+/g, (digits) => digits.padStart(12, '0'))
}

/** Not probed yet, though it can be. */
export function isWaiting({ result, reason }: State): boolean {
  return result === null && reason?.kind !== 'not_probeable' && reason?.kind !== 'paused'
}

function wordsOf(state: State): string {
  const label = columnLabel(columnKey(state))
  const capability = state.capability?.replaceAll('_', ' ') ?? ''
  return lower([state.endpoint, state.type, capability, label, wordOf(state.status), state.via])
}

function lower(words: readonly string[]): string {
  return words.join(' ').toLowerCase()
}
