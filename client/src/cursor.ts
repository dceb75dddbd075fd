import type { Heartbeat, Position, Snapshot, Updates } from '@payer-status/protocol'
import type { Batch } from './change.ts'

type Parts = { epoch: string; rev: number; of: number; frames: Snapshot[] }
type Lists = Omit<Batch, 'kind' | 'position'>
type SomeLists = { [L in keyof Lists]?: Lists[L] | undefined }

/**
 * The client's place in the log. It turns frames into batches so that `rev` never goes back inside an epoch and each
 * (record, rev) comes once, whatever a server or a node that lags behind another sends.
 */
export class Cursor {
  position: Position | undefined
  /** Whether this server has less of the log than was seen before. */
  isAhead = false
  #epoch = ''
  #parts: Parts | undefined

  constructor(since?: Position) {
    this.position = since
  }

  /** A new connection begins, to a log of which the server has this much. */
  greet({ epoch, rev }: Position): void {
    this.#epoch = epoch
    this.#parts = undefined
    this.isAhead = this.isResuming && rev < (this.position?.rev ?? 0)
  }

  /** Whether the position is one in the log of this connection. */
  get isResuming(): boolean {
    return this.position?.epoch === this.#epoch
  }

  /** What the frame brings, or undefined when it brings nothing; `senseless` when it breaks the protocol. */
  read(frame: Snapshot | Updates | Heartbeat): Batch | undefined | 'senseless' {
    if (frame.type === 'snapshot') return this.#snapshot(frame)
    if (this.#parts !== undefined) return frame.type === 'heartbeat' ? undefined : 'senseless'
    const { position } = this
    if (position?.epoch !== this.#epoch) return frame.type === 'heartbeat' ? undefined : 'senseless'
    const before = position.rev
    if (!this.#advance(frame.rev)) return undefined
    return frame.type === 'heartbeat' ? undefined : newerThan(before, this.#batch('updates', frame))
  }

  #snapshot(frame: Snapshot): Batch | undefined | 'senseless' {
    const { epoch, rev, of, part } = frame
    if (part === 1) this.#parts = { epoch, rev, of, frames: [] }
    const parts = this.#parts
    if (parts === undefined || parts.frames.length !== part - 1 || !isSame(parts, frame)) {
      return 'senseless'
    }
    parts.frames.push(frame)
    if (part < of) return undefined
    this.#parts = undefined
    this.#epoch = epoch
    if (this.position?.epoch !== epoch) this.position = { epoch, rev }
    return this.#advance(rev) ? this.#batch('snapshot', joined(parts.frames)) : undefined
  }

  /** Moves to `rev`; false when that is behind. */
  #advance(rev: number): boolean {
    this.isAhead = rev < (this.position?.rev ?? 0)
    if (!this.isAhead) this.position = { epoch: this.#epoch, rev }
    return !this.isAhead
  }

  #batch(kind: Batch['kind'], lists: SomeLists): Batch {
    const { payers = [], endpoints = [], incidents = [], maintenance = [] } = lists
    const position = this.position ?? { epoch: this.#epoch, rev: 0 }
    return { kind, position, payers, endpoints, incidents, maintenance }
  }
}

function isSame(parts: Parts, { epoch, rev, of }: Snapshot): boolean {
  return parts.epoch === epoch && parts.rev === rev && parts.of === of
}

function joined(frames: readonly Snapshot[]): Lists {
  return {
    payers: frames.flatMap(({ payers = [] }) => payers),
    endpoints: frames.flatMap(({ endpoints = [] }) => endpoints),
    incidents: frames.flatMap(({ incidents = [] }) => incidents),
    maintenance: frames.flatMap(({ maintenance = [] }) => maintenance),
  }
}

/** The part of a batch that a client at `rev` has not seen; undefined when there is none. */
function newerThan(rev: number, batch: Batch): Batch | undefined {
  const isNews = (record: { rev: number }) => record.rev > rev
  const payers = batch.payers.filter(isNews)
  const endpoints = batch.endpoints.filter(isNews)
  const incidents = batch.incidents.filter(isNews)
  const maintenance = batch.maintenance.filter(isNews)
  const count = payers.length + endpoints.length + incidents.length + maintenance.length
  return count === 0 ? undefined : { ...batch, payers, endpoints, incidents, maintenance }
}
