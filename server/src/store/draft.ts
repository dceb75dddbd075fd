/** What a batch changes: worked out first, committed, and only then taken into memory. */
import type { HistoryRow, TimelineRow } from '../model.ts'
import type { StoreBatch } from '../ports.ts'
import { checkedChange, checkedResult, type Refusals } from './checked.ts'
import { DAY_MS, dayOf, packDay, readDay, type StatusTimes, statusTimes } from './days.ts'
import type { Change, Day, Driver, Work } from './driver.ts'
import { EMPTY_LINE, type Line, newRows, see, tell } from './line.ts'
import { type Numbered, type Page, packJournal } from './rows.ts'
import { noteClosed, type State } from './state.ts'

/** What working out a batch needs. */
export type Drafting = {
  state: State
  driver: Driver
  now: number
  historyFor: number
  counts: Refusals
}

/** A batch on its way into the database. */
export type Draft = { work: Work; lines: Map<number, Line>; page: Page | null; batch: StoreBatch }

/** Works out what a batch changes; reads old rows where a change reaches back beyond what is in memory. */
export async function draftOf(batch: StoreBatch, drafting: Drafting): Promise<Draft> {
  const { state, counts, now } = drafting
  const numbering = new Numbering(state)
  const results = batch.results
    .map((row) => checkedResult(row, { now, counts }))
    .filter((row): row is HistoryRow => row !== null)
    .map((row) => ({ endpoint: numbering.numberOf(row.endpoint), row }))
  const told = batch.timeline
    .map((row) => checkedChange(row, drafting))
    .filter((row): row is TimelineRow => row !== null)
    .map((row) => ({ number: numbering.numberOf(row.endpoint), row }))
  const lines = await linesOf({ results, told }, drafting)
  const changes = changesOf(lines, state)
  const page = results.length === 0 ? null : packJournal(results, state.shapes)
  const work: Work = {
    meta: metaOf(batch, state),
    endpoints: numbering.given,
    entries: batch.entries,
    incidents: batch.entries.flatMap(({ kind, value }) =>
      kind === 'incident' && value !== null ? [value] : [],
    ),
    timeline: changes,
    days: await repairedDays({ lines, changes }, drafting),
    ...(page && { journal: { id: state.journal + 1, packed: page.packed } }),
  }
  return { work, lines, page, batch }
}

function metaOf({ id, rev }: StoreBatch, state: State): Map<string, string> {
  const meta = new Map<string, string>()
  if (rev > state.rev) meta.set('rev', String(rev))
  if (id !== undefined) meta.set('batch', id)
  return meta
}

/** Takes a committed batch into memory. */
export function take(state: State, { work, lines, page, batch }: Draft): void {
  for (const [number, id] of work.endpoints ?? []) {
    state.names.set(number, id)
    state.numbers.set(id, number)
  }
  for (const [number, line] of lines) state.lines.set(number, line)
  state.rev = Math.max(state.rev, batch.rev)
  state.batch = batch.id ?? state.batch
  for (const entry of batch.entries) noteClosed(state, entry)
  if (page !== null) state.tail.add(++state.journal, page)
}

/** Gives an endpoint that is new the next number; a number is never given twice. */
class Numbering {
  readonly given = new Map<number, string>()
  readonly #state: State
  readonly #new = new Map<string, number>()

  constructor(state: State) {
    this.#state = state
  }

  numberOf(id: string): number {
    const known = this.#state.numbers.get(id) ?? this.#new.get(id)
    if (known !== undefined) return known
    const number = this.#state.names.size + this.given.size
    this.given.set(number, id)
    this.#new.set(id, number)
    return number
  }
}

type Told = { number: number; row: TimelineRow }

async function linesOf(
  { results, told }: { results: readonly Numbered[]; told: readonly Told[] },
  { state, driver }: Drafting,
): Promise<Map<number, Line>> {
  const lines = new Map<number, Line>()
  const lineOf = (number: number) => lines.get(number) ?? state.lines.get(number) ?? EMPTY_LINE
  for (const { endpoint, row } of results) {
    const line = lineOf(endpoint)
    const from = Math.min(row.at, line.last ?? row.at)
    const reaching = from < line.from ? await reach(driver, { number: endpoint, line, from }) : line
    lines.set(endpoint, see(reaching, row.at, row.intervalMs))
  }
  for (const { number, row } of told) {
    const line = lineOf(number)
    const reaching = row.at < line.from ? await reach(driver, { number, line, from: row.at }) : line
    lines.set(number, tell(reaching, row))
  }
  return lines
}

/** The line with older rows, down to `from`. */
export async function reach(
  driver: Driver,
  { number, line, from }: { number: number; line: Line; from: number },
): Promise<Line> {
  const changes = await driver.timeline(number, { from, to: Number.MAX_SAFE_INTEGER })
  const first = line.rows[0]?.at ?? Number.POSITIVE_INFINITY
  const older = changes.filter(({ at }) => at < first).map(({ endpoint: _, ...told }) => told)
  return { ...line, from, rows: [...older, ...line.rows] }
}

/** The rows that lines have and the state has not. */
export function changesOf(lines: ReadonlyMap<number, Line>, state: State): Change[] {
  return [...lines].flatMap(([endpoint, line]) => {
    const before = state.lines.get(endpoint) ?? EMPTY_LINE
    return newRows(before, line).map((row) => ({ endpoint, ...row }))
  })
}

/** Packed days that changes reach back into, worked out again for the endpoints that changed. */
export async function repairedDays(
  { lines, changes }: { lines: ReadonlyMap<number, Line>; changes: readonly Change[] },
  { state, driver }: Pick<Drafting, 'state' | 'driver'>,
): Promise<Day[]> {
  const end = state.progress.days
  const late = changes.filter(({ at }) => at < end * DAY_MS)
  if (late.length === 0) return []
  const firsts = new Map<number, number>()
  for (const { endpoint, at } of late)
    firsts.set(endpoint, Math.min(dayOf(at), firsts.get(endpoint) ?? end))
  const first = Math.min(...firsts.values())
  const packed = new Map((await driver.days(first, end)).map((row) => [row.day, row.packed]))
  return Array.from({ length: end - first }, (_, i) => first + i).map((day) => {
    const times = new Map<number, StatusTimes>()
    const before = packed.get(day)
    if (before !== undefined) readDay(before, (endpoint, of) => times.set(endpoint, of))
    for (const [endpoint, from] of firsts)
      if (day >= from) times.set(endpoint, timesOn(lines.get(endpoint) ?? EMPTY_LINE, day))
    return { day, packed: packDay(times) }
  })
}

/** How long each status was true on a day. */
export function timesOn(line: Line, day: number, now = Number.POSITIVE_INFINITY): StatusTimes {
  return statusTimes(line.rows, day * DAY_MS, Math.min((day + 1) * DAY_MS, now))
}
