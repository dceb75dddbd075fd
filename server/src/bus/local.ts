import { UnknownNameError } from '../lib/errors.ts'
import type { EndpointState, LogEntry, LogRecord } from '../model.ts'
import type { Answering, AnswerTo, Bus, Clock, Command, CommandName } from '../ports.ts'

/** Most removals, closed incidents and completed windows that are kept; the oldest go first. */
const MAX_ABSENT = 20_000

type LocalDeps = {
  clock: Clock
  epoch: string
  /** The position from which the log goes on. */
  rev?: number
  /** The last values until there, in `rev` order. */
  entries?: readonly LogEntry[]
}

/** One process: publishing is calling. Keeps the log's last values, and gives each record its `rev`. */
export class LocalBus implements Bus {
  readonly epoch: string
  readonly #clock: Clock
  readonly #last = new Map<string, LogEntry>()
  readonly #subscribers: ((entry: LogEntry) => void)[] = []
  readonly #undelivered: LogEntry[] = []
  #rev = 0
  #handlers: Partial<Answering> = {}

  constructor({ clock, epoch, rev = 0, entries = [] }: LocalDeps) {
    this.#clock = clock
    this.epoch = epoch
    this.#rev = rev
    for (const entry of entries) this.#last.set(keyOf(entry), entry)
  }

  get rev(): number {
    return this.#rev
  }

  publish(record: LogRecord): Promise<number> {
    const key = keyOf(record)
    const before = this.#last.get(key)
    const rev = ++this.#rev
    const entry: LogEntry = {
      ...record,
      rev,
      statusRev: before && isSameStatus(before, record) ? before.statusRev : rev,
      resultRev: before && isSameResult(before, record) ? before.resultRev : rev,
      at: this.#clock.now(),
    }
    this.#last.delete(key)
    this.#last.set(key, entry)
    this.#undelivered.push(entry)
    if (this.#undelivered.length === 1) this.#deliver()
    return Promise.resolve(rev)
  }

  /** What subscribers publish while they are told comes after it, so that everyone sees one order. */
  #deliver(): void {
    for (let entry = this.#undelivered[0]; entry; entry = this.#undelivered[0]) {
      for (const tell of this.#subscribers) tell(entry)
      this.#undelivered.shift()
    }
  }

  subscribe(deliver: (entry: LogEntry) => void): void {
    for (const entry of this.#last.values()) deliver(entry)
    this.#subscribers.push(deliver)
  }

  /** Drops removals, closed incidents and completed windows from before `time`, epoch ms. */
  forget(time: number): void {
    const absent = [...this.#last].filter(([, entry]) => !isPresent(entry))
    const tooMany = absent.length - MAX_ABSENT
    for (const [i, [key, entry]] of absent.entries())
      if (entry.at < time || i < tooMany) this.#last.delete(key)
  }

  answer(handlers: Partial<Answering>): void {
    this.#handlers = { ...this.#handlers, ...handlers }
  }

  request<Name extends CommandName>(command: Command<Name>): Promise<AnswerTo<Name>> {
    const handler = this.#handlers[command.command] as Answering[Name] | undefined // safe: found by its own name
    if (handler) return handler(command)
    return Promise.reject(new UnknownNameError(`nobody answers to ${command.command}`))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#subscribers.length = 0
    this.#handlers = {}
  }
}

function keyOf({ kind, id }: LogRecord): string {
  return `${kind}:${id}`
}

/** Whether a reader who only cares for the status would see no difference. */
function isSameStatus(before: LogRecord, after: LogRecord): boolean {
  if (before.kind !== 'endpoint' || after.kind !== 'endpoint') return false
  if (before.value === null || after.value === null) return before.value === after.value
  const a = before.value
  const b = after.value
  return (
    a.status === b.status &&
    a.intermittent === b.intermittent &&
    a.since === b.since &&
    JSON.stringify(toldOf(a)) === JSON.stringify(toldOf(b))
  )
}

function toldOf({ reason, advice, paused, silencedUntil, window }: EndpointState): unknown[] {
  return [reason, advice, paused, silencedUntil, window]
}

function isSameResult(before: LogRecord, after: LogRecord): boolean {
  if (before.kind !== 'endpoint' || after.kind !== 'endpoint') return false
  return before.value?.result?.probe === after.value?.result?.probe
}

function isPresent(entry: LogEntry): boolean {
  if (entry.value === null) return false
  if (entry.kind === 'incident') return entry.value.status !== 'resolved'
  return entry.kind !== 'window' || entry.value.state !== 'completed'
}
