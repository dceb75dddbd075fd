/**
 * Everything the monitor needs from outside, on one page.
 * Each port has at least two real implementations; nothing else gets an interface.
 */
import type { Endpoint } from './config/config.ts'
import type { Complaint, Said } from './config/maintenance.ts'
import type {
  DayMinutes,
  EndpointState,
  HistoryRow,
  IncidentRecord,
  LatencyStep,
  LogEntry,
  LogRecord,
  ProbeResult,
  TimelineRow,
} from './model.ts'

export type { Clock, Random } from './lib/clock.ts'
export type { Log } from './lib/log.ts'

/** What one kind's probe saw, a failure included: a result but for what `runProbe` knows itself. */
export type Observation = Omit<ProbeResult, 'endpoint' | 'probe' | 'at' | 'attempts' | 'via'>

/** What one attempt saw. `curable`: it failed for what may be gone a moment later, and asking again does no harm. */
export type Observed = Observation & { curable?: boolean }

/**
 * Asks whether there may be one more attempt within so many ms: in how many it may begin, or undefined where its host or
 * payer is asked as often as it may be already.
 */
export type Again = (withinMs: number) => number | undefined

/** Which probe an attempt belongs to, and which of its attempts it is, from 1. */
export type Trail = { probe: string; attempt: number }

/** How one kind of endpoint is asked. `fresh` asks for a connection of its own. It throws only when it was stopped, or for a fault of its own. */
export type Probe = (
  endpoint: Endpoint,
  how: { signal: AbortSignal; fresh: boolean; trail?: Trail },
) => Promise<Observed>

/** What can be asked of whoever owns an endpoint or keeps the log: what with, and what comes of it. */
export type Commands = {
  /** `patience`: longest wait for tokens, ms; no bound where it is left out. */
  probe: { asked: { endpoint: string; patience?: number }; answer: ProbeResult }
} & { [Name in keyof Actions]: { asked: Actions[Name] & { by: string }; answer: Done } }

/** What people do. `by` is who: the name of an API key, or `local`; `until` is epoch ms; a pause until null has no end, a silence is over. */
export type Actions = {
  note: { incident: string; text: string }
  acknowledge: { incident: string }
  announce: Pick<IncidentRecord, 'payers' | 'types' | 'severity' | 'advice'> & { text: string }
  resolve: { incident: string }
  pause: { endpoint: string; until: number | null }
  resume: { endpoint: string }
  silence: { endpoint: string; until: number | null }
  announceMaintenance: { payer: string; maintenance: Said }
  withdrawMaintenance: { plan: string }
}

/** What came of an action: the record as it is in the log now, or why nothing was done. `isNew`: it was not there before. */
export type Done =
  | { entry: LogEntry; isNew?: boolean }
  | { refused: Refused; complaint?: Complaint }

/** Why an action is not done. */
export type Refused =
  | 'unknown_incident'
  | 'unknown_endpoint'
  | 'not_probeable'
  | 'too_many_notes'
  | 'too_much_text'
  | 'not_announced'
  | 'already_resolved'
  | 'too_many_announcements'
  | 'unknown_payer'
  | 'unfit_plan'
  | 'too_many_plans'
  | 'unknown_plan'
  | 'plan_of_file'

export type CommandName = keyof Commands
export type Command<Name extends CommandName = CommandName> = {
  [Each in Name]: { command: Each } & Commands[Each]['asked']
}[Name]
export type AnswerTo<Name extends CommandName> = Commands[Name]['answer']

/** What is done with each command. */
export type Answering = {
  [Name in CommandName]: (command: Command<Name>) => Promise<AnswerTo<Name>>
}

/** Carries records to every node in one order, and gives each its `rev`. In-process now; NATS JetStream in a cluster. */
export interface Bus extends AsyncDisposable {
  readonly epoch: string
  /** The position of the latest record. */
  readonly rev: number
  /** Resolves with the record's `rev`. */
  publish(record: LogRecord): Promise<number>
  /** First what is true now, then every change, in `rev` order, without a gap between the two. */
  subscribe(deliver: (entry: LogEntry) => void): void
  /** Says what is done with commands that this node is asked; may be called for some after the other. */
  answer(handlers: Partial<Answering>): void
  /** Sends a command to whoever does it. @throws {UnknownNameError} when nobody does */
  request<Name extends CommandName>(command: Command<Name>): Promise<AnswerTo<Name>>
}

/** What the prober side is told to do. */
export type Assignment = {
  endpoints: readonly Endpoint[]
  /** The last known states, so that a restarted prober goes on where the other stopped. */
  states: readonly EndpointState[]
  /** Endpoints that start anew although they are known, because they are asked something else now. */
  reset: readonly string[]
}

/** An endpoint whose requests and answers are logged until then, epoch ms. */
export type Traced = { endpoint: string; until: number }

/** What the prober side tells. */
export type ProberEvents = {
  /** A new state of an endpoint: the log. */
  state(state: EndpointState): void
  /** Every result, also those that changed nothing: history and metrics. */
  result(result: ProbeResult): void
}

/** The prober side as the gateway sees it: in this thread, or in a worker. */
export interface Prober extends AsyncDisposable {
  assign(assignment: Assignment): void
  /**
   * Probes now, within the budgets, unless it would wait for tokens for longer than `patience` ms.
   * @throws {UnknownNameError | BusyError}
   */
  probeNow(endpoint: string, patience?: number): Promise<ProbeResult>
  /** Logs the requests and answers of these endpoints, besides those that are configured so. */
  trace(traced: readonly Traced[]): void
  /** Starts nothing more; lets what runs end within `grace` ms, then aborts it. */
  stop(grace: number): Promise<void>
  /** Its metrics, in prom-client's JSON form, for merging. */
  metrics(): Promise<object[]>
}

/** What the log was when the last run wrote it down. */
export type Remembered = {
  epoch: string
  /** No position at or above this one was ever given out. */
  rev: number
  /** Whether the last run ended in order, so that `entries` are all that clients have seen. */
  clean: boolean
  /** No position below this one can be resumed: removals and closed incidents have been forgotten since. */
  floor: number
  entries: readonly LogEntry[]
}

/** What is written in one transaction. */
export type StoreBatch = {
  /** What no other batch is called, of no run: the one that was written last is not written a second time. */
  id?: string
  entries: readonly LogEntry[]
  results: readonly HistoryRow[]
  timeline: readonly TimelineRow[]
  /** Positions below this one may be given out from now on. */
  rev: number
}

/** A stretch of time, epoch ms; `to` is exclusive. */
export type Span = { from: number; to: number }

/** How much the store holds. */
export type StoreFigures = {
  bytes: number
  /** Results since when, epoch ms; null without any. */
  oldestResultAt: number | null
  /** What went wrong inside since it was opened, by what it was. */
  troubles: Readonly<Record<string, number>>
}

/** What is remembered. In memory, in SQLite or in PostgreSQL; one writer. */
export interface Store extends AsyncDisposable {
  /** What the last run left; null where there was none. From now on an end without `close` counts as a crash. */
  restore(epoch: string): Promise<Remembered | null>
  /** Writes all or nothing; resolves when it is safe. @throws {StoreError} */
  write(batch: StoreBatch): Promise<void>
  /** Newest first. */
  results(asked: Span & { endpoint: string; limit: number }): Promise<HistoryRow[]>
  /** One step after the other, empty ones left out. `stepMs` is at least five minutes. */
  latency(asked: Span & { endpoint: string; stepMs: number }): Promise<LatencyStep[]>
  /** Oldest first, the row in force at `from` included; the first `limit` of them, where that is given. */
  timeline(asked: Span & { endpoint: string; limit?: number }): Promise<TimelineRow[]>
  /** Of each endpoint, or of all, the days that were observed, oldest first. */
  days(asked: Span & { endpoints?: readonly string[] }): Promise<Map<string, DayMinutes[]>>
  /** Newest first, open and closed; `before` is the id of the last one of the page before. */
  incidents(asked: {
    payers?: readonly string[]
    open?: boolean
    limit: number
    before?: string
  }): Promise<IncidentRecord[]>
  incident(id: string): Promise<IncidentRecord | null>
  /** Copies everything into a new file while running. @throws {StoreError} where the store cannot */
  backup(file: string): Promise<void>
  figures(): Promise<StoreFigures>
  /** The last run's end in order: what is here is all there was. */
  close(): Promise<void>
}

/** The reading side of the store, for whoever answers questions about the past. */
export type History = Pick<
  Store,
  'results' | 'latency' | 'timeline' | 'days' | 'incidents' | 'incident'
>

/** One connected client. A `ws` socket, a server-sent-events response, or a fake. */
export interface Socket {
  /** False while what was written has not left yet. */
  readonly writable: boolean
  /** Bytes written that have not left this process. */
  readonly unsentBytes: number
  /** Bytes already framed for this kind of socket, shared by all sockets of a group: never changed, never copied. */
  write(framed: Uint8Array): void
  close(code: number, reason: string): void
}
