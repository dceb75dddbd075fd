/** What the engine has in memory, and what of it is written down beside the rows. */
import type { LogEntry } from '../model.ts'
import { DAY_MS, dayOf } from './days.ts'
import type { Change, Loaded } from './driver.ts'
import { cut, EMPTY_LINE, type Line } from './line.ts'
import { readJournal } from './rows.ts'
import { Shapes } from './shapes.ts'
import { Tail } from './tail.ts'

/** Endpoints that are packed in one transaction. */
export const BLOCK = 128

/** How far the work that comes by the hour and by the day has got. */
export type Progress = {
  /** The first day whose minutes are not packed. */
  days: number
  /** The days before `day` are in hourly figures; `day` itself is for blocks of endpoints before `block`. */
  hours: { day: number; block: number }
  /** Journals up to `upTo` are being packed; blocks before `block` are. */
  round: { upTo: number; block: number } | null
  /** What is old is told from this time, epoch ms: it follows the clock in small steps. */
  expired: number
  /** The latest position of what the log has forgotten. */
  floor: number
}

/** A record of the log that may be forgotten one day. */
export type Closed = Pick<LogEntry, 'kind' | 'id' | 'at' | 'rev'>

/** What the engine has in memory. */
export type State = {
  readonly shapes: Shapes
  readonly tail: Tail
  readonly numbers: Map<string, number>
  readonly names: Map<number, string>
  readonly lines: Map<number, Line>
  /** Removals, closed incidents and completed windows, by kind and id. */
  readonly closed: Map<string, Closed>
  progress: Progress
  /** The latest journal's id, and the bound of positions given out. */
  journal: number
  rev: number
  /** What the batch is called that was written last. */
  batch: string | undefined
}

/** The block that an endpoint is in. */
export function blockOf(endpoint: number): number {
  return Math.floor(endpoint / BLOCK)
}

/** An endpoint's five-minute figures before this time are in hourly ones, epoch ms. */
export function hourlyUpTo({ progress: { hours } }: State, endpoint: number): number {
  return (blockOf(endpoint) < hours.block ? hours.day + 1 : hours.day) * DAY_MS
}

/** Timelines are in memory from this time on: a day more than the days that are not packed. */
export function linesFrom({ days }: Progress): number {
  return (days - 1) * DAY_MS
}

/** Reads or begins the progress. */
export function progressOf({ meta }: Loaded, now: number): Progress {
  const today = dayOf(now)
  const begun = {
    days: today,
    hours: { day: today, block: 0 },
    round: null,
    expired: now,
    floor: 0,
  }
  const text = meta.get('progress')
  return text === undefined ? begun : { ...begun, ...(JSON.parse(text) as Partial<Progress>) }
}

/** The state after a start. `changes`: the timelines from `linesFrom` on. */
export function stateOf(loaded: Loaded, progress: Progress, changes: readonly Change[]): State {
  const state: State = {
    shapes: new Shapes(),
    tail: new Tail(),
    numbers: new Map([...loaded.endpoints].map(([number, id]) => [id, number])),
    names: new Map(loaded.endpoints),
    lines: new Map(),
    closed: new Map(),
    progress,
    journal: progress.round?.upTo ?? 0,
    rev: Number(loaded.meta.get('rev') ?? 0),
    batch: loaded.meta.get('batch'),
  }
  takeLines(state, changes)
  for (const [key, text] of loaded.meta) if (key.startsWith(LASTS)) takeLasts(state, key, text)
  for (const { id, packed } of loaded.journal) takeJournal(state, id, packed)
  for (const entry of loaded.entries) noteClosed(state, entry)
  return state
}

/** Timelines as they are in the database; what is known of the latest results stays. */
export function takeLines(state: State, changes: readonly Change[]): void {
  const from = linesFrom(state.progress)
  const byEndpoint = Map.groupBy(changes, ({ endpoint }) => endpoint)
  for (const number of state.names.keys()) {
    const rows = (byEndpoint.get(number) ?? []).map(({ endpoint: _, ...told }) => told)
    const line = state.lines.get(number) ?? EMPTY_LINE
    state.lines.set(number, { ...line, rows, from })
  }
}

/** Forgets of the timelines what is in packed days. */
export function cutLines(state: State): void {
  const from = linesFrom(state.progress)
  for (const [number, line] of state.lines) state.lines.set(number, cut(line, from))
}

/** Remembers whether a record may be forgotten. */
export function noteClosed(state: State, entry: LogEntry): void {
  const { kind, id, at, rev } = entry
  if (isClosed(entry)) state.closed.set(`${kind} ${id}`, { kind, id, at, rev })
  else state.closed.delete(`${kind} ${id}`)
}

function isClosed({ kind, value }: LogEntry): boolean {
  if (value === null) return true
  return kind === 'window'
    ? value.state === 'completed'
    : kind === 'incident' && value.resolvedAt !== null
}

const LASTS = 'last.'

/** The latest results of a block's endpoints as a row of the meta data. */
export function lastsOf(state: State, block: number): [string, string] {
  const lasts: string[] = []
  for (let number = block * BLOCK; number < (block + 1) * BLOCK; number++) {
    const { last, intervalMs } = state.lines.get(number) ?? EMPTY_LINE
    lasts.push(last === null ? '' : `${last.toString(36)}:${intervalMs.toString(36)}`)
  }
  return [`${LASTS}${block}`, lasts.join(' ')]
}

function takeLasts(state: State, key: string, text: string): void {
  const first = Number(key.slice(LASTS.length)) * BLOCK
  for (const [i, both] of text.split(' ').entries()) {
    const [last, interval] = both.split(':').map((number) => Number.parseInt(number, 36))
    if (last !== undefined && interval !== undefined)
      noteLast(state, { endpoint: first + i, at: last, intervalMs: interval })
  }
}

function takeJournal(state: State, id: number, packed: Uint8Array): void {
  const page = readJournal(packed, state.shapes)
  const { round } = state.progress
  const isLeft = (endpoint: number) =>
    round === null || id > round.upTo || blockOf(endpoint) >= round.block
  state.tail.add(id, page, isLeft)
  state.journal = Math.max(state.journal, id)
  for (const place of page.places) noteLast(state, place)
}

function noteLast(
  { lines }: State,
  { endpoint, at, intervalMs }: { endpoint: number; at: number; intervalMs: number },
): void {
  const line = lines.get(endpoint) ?? EMPTY_LINE
  if (line.last === null || at >= line.last) lines.set(endpoint, { ...line, last: at, intervalMs })
}
