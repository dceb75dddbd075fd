import { Board } from '../../src/board/board.ts'
import type {
  EndpointState,
  IncidentRecord,
  LogEntry,
  LogRecord,
  PayerState,
} from '../../src/model.ts'
import { endpointRecord, incidentRecord, payerRecord } from './board-with.ts'

/** Which marks of a record a change moves: all of them unless told otherwise. */
export type Moves = { status?: boolean; result?: boolean; at?: number }

/** Writes records into a board as the log would, with growing `rev`s. */
export class LogBook {
  readonly board: Board
  /** Books that are told the same. */
  readonly #copies: LogBook[] = []
  readonly #log: LogEntry[] = []
  readonly #marks = new Map<string, { statusRev: number; resultRev: number }>()

  constructor(epoch = 'e1') {
    this.board = new Board(epoch)
  }

  /** Writes a record and returns its `rev`. */
  put(record: LogRecord, { status = true, result = true, at = 0 }: Moves = {}): number {
    const rev = this.board.rev + 1
    const key = `${record.kind}:${record.id}`
    const before = this.#marks.get(key)
    const marks = {
      statusRev: status ? rev : (before?.statusRev ?? rev),
      resultRev: result ? rev : (before?.resultRev ?? rev),
    }
    this.#marks.set(key, marks)
    this.#apply({ ...record, ...marks, rev, at })
    return rev
  }

  /** Another board of the same log, which is told all that is written from now on. */
  copy(): LogBook {
    const copy = new LogBook(this.board.epoch)
    for (const entry of this.#log) copy.#apply(entry)
    this.#copies.push(copy)
    return copy
  }

  /** Forgets what is old enough: here, everything that has left and every closed incident. */
  forget(): void {
    for (const { board } of [this, ...this.#copies]) board.forget(Number.POSITIVE_INFINITY)
  }

  #apply(entry: LogEntry): void {
    this.#log.push(entry)
    for (const { board } of [this, ...this.#copies]) board.apply(entry)
  }

  /** A new state of an endpoint that came with a result; what is not given stays as it was. */
  endpoint(id: string, parts: Partial<EndpointState> = {}, moves: Moves = {}): number {
    const state = { ...this.board.endpoint(id)?.log.value, ...parts }
    return this.put(endpointRecord(id, state), moves)
  }

  /** A new result that changed nothing but itself. */
  result(id: string, parts: Partial<EndpointState> = {}): number {
    return this.endpoint(id, parts, { status: false })
  }

  payer(id: string, parts: Partial<PayerState> = {}): number {
    return this.put(payerRecord(id, parts))
  }

  incident(order: number, parts: Partial<IncidentRecord> = {}, moves: Moves = {}): number {
    return this.put(incidentRecord(order, parts), moves)
  }

  /** An endpoint or a payer leaves the catalogue. */
  remove(kind: 'endpoint' | 'payer', id: string, moves: Moves = {}): number {
    return this.put({ kind, id, value: null }, moves)
  }
}
