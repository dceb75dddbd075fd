import { StoreError } from '../lib/errors.ts'
import type { IncidentRecord, LogEntry } from '../model.ts'
import type { Span } from '../ports.ts'
import type { Change, Chunk, Day, Driver, Expiry, Journal, Loaded, Rollup, Work } from './driver.ts'

/** What a row takes beside its packed bytes, about. */
const ROW_BYTES = 64

/** Earlier than all times: nothing expires. */
const NEVER = Number.NEGATIVE_INFINITY

/** Keeps everything in memory: for tests, and for who wants no history beyond the process. */
export class MemoryDriver implements Driver {
  readonly #meta = new Map<string, string>()
  readonly #endpoints = new Map<number, string>()
  readonly #entries = new Map<string, LogEntry>()
  readonly #incidents = new Map<string, IncidentRecord>()
  readonly #days = new Map<number, Day>()
  readonly #timeline = new Map<number, Change[]>()
  #journal: Journal[] = []
  #chunks: Map<number, Chunk[]> = new Map()
  #rollups: Map<number, Rollup[]> = new Map()

  async load(): Promise<Loaded> {
    return {
      meta: new Map(this.#meta),
      endpoints: new Map(this.#endpoints),
      entries: [...this.#entries.values()],
      journal: [...this.#journal],
    }
  }

  async commit(work: Work): Promise<void> {
    for (const [key, value] of work.meta ?? []) this.#meta.set(key, value)
    this.#replace(work)
    this.#append(work)
    if (work.expire !== undefined) this.#expire(work.expire)
  }

  async chunks(endpoint: number, { from, to }: Span): Promise<Chunk[]> {
    return (this.#chunks.get(endpoint) ?? []).filter(({ at }) => at >= from && at < to)
  }

  async rollups(endpoint: number, asked: Span & { resolution: number }): Promise<Rollup[]> {
    const { from, to, resolution } = asked
    return (this.#rollups.get(endpoint) ?? []).filter(
      (rollup) => rollup.resolution === resolution && rollup.at >= from && rollup.at < to,
    )
  }

  async timeline(
    endpoint: number,
    { from, to, limit }: Span & { limit?: number },
  ): Promise<Change[]> {
    const changes = this.#timeline.get(endpoint) ?? []
    return since(changes, from)
      .filter(({ at }) => at < to)
      .slice(0, limit)
  }

  async timelines(from: number): Promise<Change[]> {
    const byNumber = [...this.#timeline].sort(([a], [b]) => a - b)
    return byNumber.flatMap(([, changes]) => since(changes, from))
  }

  async days(from: number, to: number): Promise<Day[]> {
    return [...this.#days.values()]
      .filter(({ day }) => day >= from && day < to)
      .sort((a, b) => a.day - b.day)
  }

  async incidents(asked: Parameters<Driver['incidents']>[0]): Promise<IncidentRecord[]> {
    const { payers, open, limit, before } = asked
    return [...this.#incidents.values()]
      .filter(({ id }) => before === undefined || id < before)
      .filter((incident) => open === undefined || (incident.resolvedAt === null) === open)
      .filter(
        (incident) => payers === undefined || incident.payers.some((one) => payers.includes(one)),
      )
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, limit)
  }

  async incident(id: string): Promise<IncidentRecord | null> {
    return this.#incidents.get(id) ?? null
  }

  async size(): Promise<number> {
    const packed = [
      ...this.#journal,
      ...[...this.#chunks.values()].flat(),
      ...[...this.#rollups.values()].flat(),
      ...this.#days.values(),
    ]
    return packed.reduce((sum, row) => sum + row.packed.length + ROW_BYTES, 0)
  }

  async oldestChunkAt(): Promise<number | null> {
    const first = [...this.#chunks.values()].flatMap(([chunk]) => (chunk ? [chunk.at] : []))
    return first.length === 0 ? null : first.reduce((a, b) => Math.min(a, b))
  }

  async backup(): Promise<void> {
    throw new StoreError('a store in memory cannot be backed up')
  }

  /** What is kept outlives it: whoever opens a store on this driver again finds everything, as after a crash. */
  async [Symbol.asyncDispose](): Promise<void> {}

  #replace({ endpoints, entries, forgotten, incidents, days, timeline }: Work): void {
    for (const [number, id] of endpoints ?? []) this.#endpoints.set(number, id)
    for (const entry of entries ?? []) this.#entries.set(keyOf(entry), entry)
    for (const entry of forgotten ?? []) this.#entries.delete(keyOf(entry))
    for (const incident of incidents ?? []) this.#incidents.set(incident.id, incident)
    for (const day of days ?? []) this.#days.set(day.day, day)
    for (const change of timeline ?? []) this.#change(change)
  }

  #append({ journal, packedUpTo = NEVER, chunks, rollups }: Work): void {
    if (journal !== undefined) this.#journal.push(journal)
    if (packedUpTo > NEVER) this.#journal = this.#journal.filter(({ id }) => id > packedUpTo)
    for (const chunk of chunks ?? []) insert(this.#chunks, chunk)
    for (const rollup of rollups ?? []) insert(this.#rollups, rollup)
  }

  #change(change: Change): void {
    const changes = (this.#timeline.get(change.endpoint) ?? []).filter(({ at }) => at !== change.at)
    this.#timeline.set(change.endpoint, [...changes, change].sort(byTime))
  }

  #expire(expiry: Expiry): void {
    const { chunks = NEVER, days = NEVER, timeline = NEVER, incidents = NEVER } = expiry
    keep(this.#chunks, ({ at }) => at >= chunks)
    for (const { resolution, before } of expiry.rollups ?? [])
      keep(this.#rollups, (rollup) => rollup.resolution !== resolution || rollup.at >= before)
    for (const day of [...this.#days.keys()]) if (day < days) this.#days.delete(day)
    for (const [endpoint, changes] of this.#timeline)
      this.#timeline.set(endpoint, since(changes, timeline))
    for (const { id, openedAt, resolvedAt } of [...this.#incidents.values()])
      if (resolvedAt !== null && Date.parse(openedAt) < incidents) this.#incidents.delete(id)
  }
}

function keyOf({ kind, id }: Pick<LogEntry, 'kind' | 'id'>): string {
  return `${kind} ${id}`
}

function byTime(a: { at: number }, b: { at: number }): number {
  return a.at - b.at
}

function insert<T extends { endpoint: number; at: number }>(lists: Map<number, T[]>, row: T): void {
  const list = lists.get(row.endpoint)
  if (list === undefined) lists.set(row.endpoint, [row])
  else if ((list.at(-1)?.at ?? 0) <= row.at) list.push(row)
  else lists.set(row.endpoint, [...list, row].sort(byTime))
}

function keep<T>(lists: Map<number, T[]>, isKept: (row: T) => boolean): void {
  for (const [endpoint, list] of lists) lists.set(endpoint, list.filter(isKept))
}

/** The rows from a time on, with the last before it. */
function since(changes: readonly Change[], from: number): Change[] {
  const first = changes.findLastIndex(({ at }) => at <= from)
  return changes.slice(Math.max(0, first))
}
