import type { Filterable } from '@payer-status/protocol'
import type { Plan } from '../config/config.ts'
import type { LogEntry, LogRecord, PayerState } from '../model.ts'
import { toWire } from './wire.ts'

/** Most former types of an endpoint that are remembered; a reader further behind than that has missed nothing it could see. */
const MAX_FORMER = 4

/** A board entry of one kind. */
export type EntryOf<Kind extends LogEntry['kind']> = BoardEntry & {
  readonly log: Extract<LogEntry, { kind: Kind }>
}

/** What a record of one kind says. */
export type ValueOf<Kind extends LogEntry['kind']> = NonNullable<
  Extract<LogRecord, { kind: Kind }>['value']
>

/** What an endpoint was filtered by until `until`, exclusive. */
export type Former = { readonly about: Filterable; readonly until: number }

/** What an entry is, as another thread can take it over. */
export type EntryCopy = {
  readonly log: LogEntry
  readonly about: Filterable | undefined
  readonly aboutRev: number
  readonly former: readonly Former[]
  readonly names: readonly string[]
  readonly withdrawn: Plan | undefined
}

/** One record on the board. Encoded at most once, however many clients get it. */
export class BoardEntry implements EntryCopy {
  readonly log: LogEntry
  /** What filters are asked about an endpoint; kept from before when it has just been removed. */
  readonly about: Filterable | undefined
  /** Where `about` last changed. */
  readonly aboutRev: number
  /** What it was filtered by before, so that readers whose filter it has left can be told. */
  readonly former: readonly Former[]
  /** The names a payer goes by; kept from before when it has just been removed. */
  readonly names: readonly string[]
  /** What a plan said that has just been withdrawn. */
  readonly withdrawn: Plan | undefined
  older: BoardEntry | undefined
  newer: BoardEntry | undefined
  #json: string | undefined

  constructor({ log, about, aboutRev, former, names, withdrawn }: EntryCopy) {
    this.log = log
    this.about = about
    this.aboutRev = aboutRev
    this.former = former
    this.names = names
    this.withdrawn = withdrawn
  }

  /** The entry of a record that takes the place of the one before. */
  static after(before: BoardEntry | undefined, log: LogEntry): BoardEntry {
    const about = aboutOf(log) ?? before?.about
    const same = before !== undefined && sameAbout(about, before.about)
    return new BoardEntry({
      log,
      about,
      aboutRev: same ? before.aboutRev : log.rev,
      former: same ? before.former : formerOf(before, log.rev),
      names: log.kind === 'payer' && log.value ? namesOf(log.value) : (before?.names ?? []),
      withdrawn: withdrawnBy(log, before),
    })
  }

  /** Plain data that a new entry can be made of. */
  copy(): EntryCopy {
    const { log, about, aboutRev, former, names, withdrawn } = this
    return { log, about, aboutRev, former, names, withdrawn }
  }

  /** The record as JSON, as every client gets it. */
  get json(): string {
    this.#json ??= JSON.stringify(toWire(this.log))
    return this.#json
  }

  /** False for a removal, a closed incident and a completed window. */
  get isPresent(): boolean {
    if (this.log.kind === 'incident')
      return this.log.value !== null && this.log.value.status !== 'resolved'
    if (this.log.kind === 'window')
      return this.log.value !== null && this.log.value.state !== 'completed'
    return this.log.value !== null
  }

  /** False for a removal. */
  get isThere(): boolean {
    return this.log.value !== null
  }

  /** True when this entry changed how its record is found: it came, went, or has other names or another type. */
  renames(before: BoardEntry | undefined): boolean {
    if (before === undefined || (before.log.value === null) !== (this.log.value === null))
      return true
    return this.aboutRev === this.log.rev || this.names.join('\n') !== before.names.join('\n')
  }

  is<Kind extends LogEntry['kind']>(kind: Kind): this is EntryOf<Kind> {
    return this.log.kind === kind
  }
}

function aboutOf(log: LogEntry): Filterable | undefined {
  if (log.kind !== 'endpoint' || log.value === null) return undefined
  const { endpoint, payer, type, capability } = log.value
  return { endpoint, payer, type, capability }
}

function sameAbout(a: Filterable | undefined, b: Filterable | undefined): boolean {
  return a?.payer === b?.payer && a?.type === b?.type && a?.capability === b?.capability
}

function formerOf(before: BoardEntry | undefined, until: number): readonly Former[] {
  if (before?.about === undefined) return []
  return [{ about: before.about, until }, ...before.former].slice(0, MAX_FORMER)
}

function withdrawnBy(log: LogEntry, before: BoardEntry | undefined): Plan | undefined {
  if (log.kind !== 'plan' || log.value !== null) return undefined
  return before?.log.kind === 'plan' ? (before.log.value ?? before.withdrawn) : undefined
}

function namesOf({ payer, name, aliases, identifiers }: PayerState): string[] {
  return [...identifiers.map(({ value }) => value), ...aliases, name, payer]
}
