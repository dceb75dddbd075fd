import type { EndpointState, HistoryRow, LogEntry, TimelineRow } from '../model.ts'
import type { StoreBatch } from '../ports.ts'
import { statusOfSample } from '../status/decide.ts'

/** How soon an entry is written: `now` as soon as it can be, `soon` with the next batch, `later` within half a minute. */
export type Urgency = 'now' | 'soon' | 'later'

/** What is written together, but for the positions. */
export type Taken = Omit<StoreBatch, 'rev'>

/** Longest that an entry waits which brings nothing but another result like the last, ms. */
const LATER_MS = 30_000
/** Most results in one batch, where many have piled up. */
const BATCH_ROWS = 5_000
/** Most of the entries in one batch that have waited long enough: a burst of them would make the writer late. */
const LATER_A_BATCH = 500

/**
 * What waits for the store. Results beyond the limit go, oldest first. Of entries only the latest of each record waits,
 * so that there are never more of them than records.
 */
export class Backlog {
  readonly #limit: number
  readonly #results: Waiting<HistoryRow>
  readonly #timeline: Waiting<TimelineRow>
  readonly #entries = new Map<string, LogEntry>()
  readonly #later = new Map<string, { entry: LogEntry; since: number }>()
  /** What was last written of each endpoint, or is about to be, in one text. */
  readonly #gists = new Map<string, string>()
  readonly #statuses = new Map<string, Pick<TimelineRow, 'status' | 'planned'>>()

  /** `entries` are in the store already. */
  constructor(limit: number, entries: readonly LogEntry[]) {
    this.#limit = limit
    this.#results = new Waiting(limit)
    this.#timeline = new Waiting(limit)
    for (const entry of entries) if (entry.kind === 'endpoint') this.#know(entry)
  }

  /** Results and changes of status that wait. */
  get rows(): number {
    return this.#results.length + this.#timeline.length
  }

  /** What was dropped because too much waited. */
  get dropped(): { results: number; changes: number } {
    return { results: this.#results.dropped, changes: this.#timeline.dropped }
  }

  /** Whether something waits that is due by itself. */
  get isDue(): boolean {
    return this.rows > 0 || this.#entries.size > 0
  }

  addResult(row: HistoryRow): void {
    this.#results.push(row)
  }

  /** Takes in an entry at `time`, epoch ms, and says how soon it wants to be written. */
  addEntry(entry: LogEntry, time: number): Urgency {
    const key = keyOf(entry)
    const urgency = entry.kind === 'endpoint' ? this.#urgencyOf(entry) : 'now'
    const waiting = this.#later.get(key)
    if (urgency === 'later' && !this.#entries.has(key)) {
      this.#later.set(key, { entry, since: waiting?.since ?? time })
      return urgency
    }
    this.#later.delete(key)
    this.#entries.set(key, entry)
    return urgency
  }

  /** The next batch: what is due by `time`, epoch ms, or everything that a batch can hold. */
  take(time: number): Taken {
    this.#ripen(time - LATER_MS)
    const entries = [...this.#entries.values()]
    this.#entries.clear()
    return {
      entries,
      results: this.#results.take(BATCH_ROWS),
      timeline: this.#timeline.take(this.#limit),
    }
  }

  /** Makes all that waits due. */
  ripenAll(): void {
    for (const [key, { entry }] of this.#later) this.#entries.set(key, entry)
    this.#later.clear()
  }

  /** Takes back what could not be written. Of a record that has changed since, the newer value is due now. */
  putBack({ entries, results, timeline }: Taken): void {
    this.#results.putBack(results)
    this.#timeline.putBack(timeline)
    for (const entry of entries) {
      const key = keyOf(entry)
      if (this.#entries.has(key)) continue
      this.#entries.set(key, this.#later.get(key)?.entry ?? entry)
      this.#later.delete(key)
    }
  }

  #ripen(before: number): void {
    let left = LATER_A_BATCH
    for (const [key, { entry, since }] of this.#later) {
      if (since > before || left-- === 0) break
      this.#later.delete(key)
      this.#entries.set(key, entry)
    }
  }

  #urgencyOf(entry: LogEntry & { kind: 'endpoint' }): Urgency {
    const before = this.#gists.get(entry.id)
    this.#noteStatus(entry)
    this.#know(entry)
    if (entry.statusRev === entry.rev) return 'now'
    return before === this.#gists.get(entry.id) ? 'later' : 'soon'
  }

  #noteStatus({ id, value, at }: LogEntry & { kind: 'endpoint' }): void {
    const before = this.#statuses.get(id)
    const now = value ? standingOf(value) : { status: 'unknown' as const, planned: false }
    if (before?.status === now.status && before.planned === now.planned) return
    const from = value && before?.status !== now.status ? value.since : at
    this.#timeline.push({ endpoint: id, at: from, ...now })
  }

  #know({ id, value }: LogEntry & { kind: 'endpoint' }): void {
    if (value === null) {
      this.#gists.delete(id)
      this.#statuses.delete(id)
      return
    }
    this.#gists.set(id, gistOf(value))
    this.#statuses.set(id, standingOf(value))
  }
}

/** A queue with an end: what is beyond the limit is dropped, oldest first. */
class Waiting<T> {
  readonly #limit: number
  #items: T[] = []
  #head = 0
  dropped = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get length(): number {
    return this.#items.length - this.#head
  }

  push(item: T): void {
    this.#items.push(item)
    this.#trim()
  }

  take(most: number): T[] {
    const taken = this.#items.slice(this.#head, this.#head + most)
    this.#items = this.#items.slice(this.#head + most)
    this.#head = 0
    return taken
  }

  putBack(items: readonly T[]): void {
    this.#items = [...items, ...this.#items.slice(this.#head)]
    this.#head = 0
    this.#trim()
  }

  #trim(): void {
    const over = this.length - this.#limit
    if (over <= 0) return
    this.dropped += over
    this.#head += over
    if (this.#head < this.#limit) return
    this.#items = this.#items.slice(this.#head) // frees what was dropped
    this.#head = 0
  }
}

function keyOf({ kind, id }: LogEntry): string {
  return `${kind}:${id}`
}

/** A status as the timeline has it. */
function standingOf({ status, window }: EndpointState): Pick<TimelineRow, 'status' | 'planned'> {
  return { status, planned: window !== undefined }
}

/** All that must not be lost of a state: of results that agree with the status, only how many the judge remembers. */
function gistOf({
  result,
  evidence,
  verdict,
  attribution,
  memory,
  ...rest
}: EndpointState): string {
  const samples = memory.recent.map((sample) => [
    sample.health,
    sample.witnessed,
    statusOfSample(sample) === rest.status ? 0 : sample.at,
  ])
  return JSON.stringify([rest, memory.reached, samples])
}
