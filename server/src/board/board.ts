/**
 * What is true now: the log with the last value of every record, in `rev` order.
 * A snapshot, the live feed and a resume are the same read at three positions.
 */
import type { Filterable, ResolvedFilter } from '@payer-status/protocol'
import type { EndpointState, IncidentRecord, LogEntry, PayerState } from '../model.ts'
import { type Changes, hasLeft, isNews, noChanges, put, type Query } from './changes.ts'
import { BoardEntry, type EntryCopy, type EntryOf, type ValueOf } from './entry.ts'
import { subjectsByWord, touchedBy } from './incident-subjects.ts'
import { RevOrder } from './order.ts'
import { subjectsOfWindow } from './scope.ts'

export type { Changes, Query } from './changes.ts'

/** A board as another thread can take it over: its entries in the order in which they first came. */
export type BoardCopy = {
  epoch: string
  rev: number
  floor: number
  catalogRev: number
  entries: readonly EntryCopy[]
}

/** Most closed incidents and completed windows that are kept for resuming; further back there is history. */
export const MAX_CLOSED = 10_000

export class Board {
  readonly epoch: string
  readonly #entries = new Map<string, BoardEntry>()
  readonly #endpointsOf = new Map<string, Set<string>>()
  readonly #order = new RevOrder()
  #rev = 0
  #floor = 0
  #catalogRev = 0

  constructor(epoch: string) {
    this.epoch = epoch
  }

  /** A board that answers as the copied one did, and goes on from there. */
  static from({ epoch, rev, floor, catalogRev, entries }: BoardCopy): Board {
    const board = new Board(epoch)
    board.#rev = rev
    board.#floor = floor
    board.#catalogRev = catalogRev
    const all = entries.map((copy) => new BoardEntry(copy))
    for (const entry of all) {
      board.#entries.set(keyOf(entry.log.kind, entry.log.id), entry)
      if (entry.about !== undefined) board.#index(entry.about)
    }
    for (const entry of all.sort((a, b) => a.log.rev - b.log.rev)) board.#order.append(entry)
    return board
  }

  /** What `Board.from` needs, as plain data. */
  copy(): BoardCopy {
    const entries = Array.from(this.#entries.values(), (entry) => entry.copy())
    const { epoch } = this
    return { epoch, rev: this.#rev, floor: this.#floor, catalogRev: this.#catalogRev, entries }
  }

  /** The position of the latest record. */
  get rev(): number {
    return this.#rev
  }

  /** Where a payer or an endpoint last came or went, or a payer's names changed. */
  get catalogRev(): number {
    return this.#catalogRev
  }

  /** Remembers an entry under its `rev`. An older or repeated one changes nothing. */
  apply(log: LogEntry): void {
    if (log.rev <= this.#rev) return
    this.#rev = log.rev
    const key = keyOf(log.kind, log.id)
    const before = this.#entries.get(key)
    if (before) this.#order.unlink(before)
    const entry = BoardEntry.after(before, log)
    const isOfCatalogue = log.kind === 'endpoint' || log.kind === 'payer'
    if (isOfCatalogue && entry.renames(before)) this.#catalogRev = log.rev
    this.#entries.set(key, entry)
    this.#order.append(entry)
    if (entry.about !== undefined) this.#index(entry.about)
  }

  /** True when everything after `position` is still here, so that a reader there misses nothing. */
  canResume(position: { epoch: string; rev: number }): boolean {
    return position.epoch === this.epoch && position.rev <= this.#rev && position.rev >= this.#floor
  }

  /** Every record that changed after `rev`, each once, latest change first. */
  entriesSince(rev: number): Iterable<BoardEntry> {
    return this.#order.since(rev)
  }

  /** The records that match and changed after `rev`, removals and closed incidents included. */
  changedSince(query: Query, rev: number): Changes {
    const changes = noChanges()
    for (const entry of this.entriesSince(rev))
      if (this.#matches(entry, query.filter)) {
        if (isNews(entry, query.by, rev)) put(changes, entry)
      } else if (hasLeft(entry, query.filter, rev)) changes.left.push(entry)
    for (const list of Object.values(changes)) list.reverse()
    return changes
  }

  /** The records that match and are there: no removals, no closed incidents. */
  present(filter: ResolvedFilter): Changes {
    const changes = noChanges()
    for (let entry = this.#order.oldest; entry; entry = entry.newer)
      if (entry.isPresent && this.#matches(entry, filter)) put(changes, entry)
    return changes
  }

  /**
   * Drops removals, closed incidents and completed windows from before `time`, epoch ms, and the oldest of the last two beyond
   * `MAX_CLOSED`; who was away since then needs a snapshot.
   */
  forget(time: number): void {
    let closed = 0
    let older: BoardEntry | undefined
    for (let entry = this.#order.newest; entry; entry = older) {
      older = entry.older
      if (entry.isPresent) continue
      const isClosed = entry.is('incident') || entry.is('window')
      if (isClosed) closed++
      if (entry.log.at < time || (isClosed && closed > MAX_CLOSED)) this.#drop(entry)
    }
  }

  /** Every record that is remembered, removed ones included. */
  remembered(): Iterable<BoardEntry> {
    return this.#entries.values()
  }

  endpoint(id: string): EntryOf<'endpoint'> | undefined {
    return this.#live('endpoint', id)
  }

  payer(id: string): EntryOf<'payer'> | undefined {
    return this.#live('payer', id)
  }

  /** An incident, open or closed within the time that is remembered. */
  incident(id: string): EntryOf<'incident'> | undefined {
    return this.entry('incident', id)
  }

  /** A record of any kind, a removed one too. */
  entry<Kind extends LogEntry['kind']>(kind: Kind, id: string): EntryOf<Kind> | undefined {
    return this.#entries.get(keyOf(kind, id)) as EntryOf<Kind> | undefined // safe: the key holds the kind
  }

  /** The endpoints that a payer has now. */
  *endpointsOf(payer: string): Iterable<EndpointState> {
    for (const id of this.#endpointsOf.get(payer) ?? []) {
      const state = this.endpoint(id)?.log.value
      if (state) yield state
    }
  }

  endpoints(): Iterable<EndpointState> {
    return this.values('endpoint')
  }

  payers(): Iterable<PayerState> {
    return this.values('payer')
  }

  incidents(): Iterable<IncidentRecord> {
    return this.values('incident')
  }

  /** What all records of a kind say that have not been removed. */
  *values<Kind extends LogEntry['kind']>(kind: Kind): Iterable<ValueOf<Kind>> {
    for (const { log } of this.entriesOf(kind))
      if (log.value !== null) yield log.value as ValueOf<Kind> // safe: the kind says it
  }

  /** All records of a kind, removed ones too. */
  *entriesOf<Kind extends LogEntry['kind']>(kind: Kind): Iterable<EntryOf<Kind>> {
    for (const entry of this.#entries.values()) if (entry.is(kind)) yield entry
  }

  #live<Kind extends 'endpoint' | 'payer'>(kind: Kind, id: string): EntryOf<Kind> | undefined {
    const entry = this.entry(kind, id)
    return entry?.isThere ? entry : undefined
  }

  /** What filters are asked about a record: an endpoint itself, and as it was; a payer's endpoints; an incident's. */
  subjectsOf(entry: BoardEntry): Filterable[] {
    return [...this.#subjects(entry), ...entry.former.map(({ about }) => about)]
  }

  #matches(entry: BoardEntry, filter: ResolvedFilter): boolean {
    if (filter.key === '') return true
    if (entry.is('endpoint')) return entry.about !== undefined && filter.matches(entry.about)
    return this.#subjects(entry).some((subject) => filter.matches(subject))
  }

  #subjects({ log, about }: BoardEntry): Filterable[] {
    if (log.kind === 'endpoint') return about === undefined ? [] : [about]
    if (log.kind === 'payer') return this.#aboutEach(this.#endpointsOf.get(log.id) ?? [])
    if (log.value === null || log.kind === 'plan') return []
    if (log.kind === 'window') return subjectsOfWindow(log.value, this.endpointsOf(log.value.payer))
    const { endpoints, payers } = log.value
    const known = endpoints.length > 0 ? endpoints : payers.flatMap((id) => this.#idsOf(id))
    return [...touchedBy(log.value, this.#aboutEach(known)), ...subjectsByWord(log.value)]
  }

  #idsOf(payer: string): string[] {
    return [...(this.#endpointsOf.get(payer) ?? [])]
  }

  #aboutEach(endpoints: Iterable<string>): Filterable[] {
    return Array.from(endpoints).flatMap(
      (id) => this.#entries.get(keyOf('endpoint', id))?.about ?? [],
    )
  }

  #index({ payer, endpoint }: Filterable): void {
    const ids = this.#endpointsOf.get(payer) ?? new Set<string>()
    this.#endpointsOf.set(payer, ids.add(endpoint))
  }

  #drop(entry: BoardEntry): void {
    this.#order.unlink(entry)
    this.#entries.delete(keyOf(entry.log.kind, entry.log.id))
    this.#floor = Math.max(this.#floor, entry.log.rev)
    if (entry.about === undefined) return
    const siblings = this.#endpointsOf.get(entry.about.payer)
    siblings?.delete(entry.about.endpoint)
    if (siblings?.size === 0) this.#endpointsOf.delete(entry.about.payer)
  }
}

function keyOf(kind: LogEntry['kind'], id: string): string {
  return `${kind}:${id}`
}
