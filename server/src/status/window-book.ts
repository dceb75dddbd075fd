import { isInScope } from '../board/scope.ts'
import type { EndpointState, LogRecord, WindowRecord } from '../model.ts'
import { type Covering, covered, isExcused, uncovered } from './cover.ts'
import type { Phase } from './windows.ts'

/** A window and where it stands. */
export type Kept = {
  record: WindowRecord
  /** Epoch ms, as in the record. */
  startsAt: number
  endsAt: number
  phase: Phase
  /** What was published last. */
  told: WindowRecord | undefined
}

/** So long after its end a window still says what changes were to be expected, ms: as long as changes are remembered. */
const REMEMBERED_MS = 3_600_000

/** The windows that have not been over for long, found by the payer. */
export class WindowBook {
  readonly #windows = new Map<string, Kept>()
  readonly #byPayer = new Map<string, Set<Kept>>()

  get(id: string): Kept | undefined {
    return this.#windows.get(id)
  }

  all(): Iterable<Kept> {
    return this.#windows.values()
  }

  /** Takes in a window as its record says. `told`: it is in the log already. */
  put(record: WindowRecord, phase: Phase, told?: WindowRecord): Kept {
    const { id, payer } = record
    const [startsAt, endsAt] = [Date.parse(record.startsAt), Date.parse(record.endsAt)]
    const kept: Kept = { record, startsAt, endsAt, phase, told }
    this.drop(id)
    this.#windows.set(id, kept)
    this.#byPayer.set(payer, (this.#byPayer.get(payer) ?? new Set()).add(kept))
    return kept
  }

  drop(id: string): void {
    const kept = this.#windows.get(id)
    if (kept === undefined) return
    this.#windows.delete(id)
    const ofPayer = this.#byPayer.get(kept.record.payer)
    ofPayer?.delete(kept)
    if (ofPayer?.size === 0) this.#byPayer.delete(kept.record.payer)
  }

  /** Forgets what has been over for long. */
  expire(now: number): void {
    for (const { record, phase, endsAt } of this.#windows.values())
      if (phase === 'over' && now >= endsAt + REMEMBERED_MS) this.drop(record.id)
  }

  /** What is to be published of a state of the judge's. */
  over(state: EndpointState, before: EndpointState | undefined): EndpointState {
    const ofPayer = this.#byPayer.get(state.payer)
    if (ofPayer === undefined) return state
    const spans: Kept[] = []
    for (const kept of ofPayer) // what is ahead says nothing but of clocks that were set back
      if ((kept.phase !== 'ahead' || state.intermittent) && isInScope(kept.record, state))
        spans.push(kept)
    return covered(state, { window: leading(spans), spans, before })
  }

  /** The record as it is to be published, where it is an endpoint's. */
  overRecord(record: LogRecord, before: EndpointState | undefined): LogRecord {
    if (record.kind !== 'endpoint' || record.value === null) return record
    return { ...record, value: this.over(record.value, before) }
  }

  /** A published state as it should be by now. */
  again(state: EndpointState): EndpointState {
    return this.over(uncovered(state), state)
  }

  /** Whether something of a payer is out since a window that has ended. */
  isAwaiting(payer: string): boolean {
    const ofPayer = this.#byPayer.get(payer)
    if (ofPayer === undefined) return false
    return [...ofPayer].some(({ phase }) => phase === 'grace' || phase === 'overrun')
  }

  /** Whether an endpoint is out since this window, and in no other one now. */
  isHeld(kept: Kept, state: EndpointState): boolean {
    if (!isExcused(state) || !isInScope(kept.record, state)) return false
    for (const other of this.#byPayer.get(kept.record.payer) ?? [])
      if (other !== kept && other.phase === 'in' && isInScope(other.record, state)) return false
    return true
  }
}

const RANK: Readonly<Partial<Record<Phase, number>>> = { in: 3, grace: 2, overrun: 1 }

/** Of several windows the one that counts: what is in one is not over in another, and the last to end says until when. */
function leading(windows: readonly Kept[]): Covering | undefined {
  const rankOf = ({ phase }: Kept) => RANK[phase] ?? 0
  const isBefore = (a: Kept, b: Kept) => (rankOf(a) - rankOf(b) || a.endsAt - b.endsAt) > 0
  const [one, ...others] = windows
  if (one === undefined) return undefined
  const first = others.reduce((best, other) => (isBefore(other, best) ? other : best), one)
  const { record, phase, startsAt, endsAt } = first
  if (phase === 'ahead' || phase === 'over') return undefined
  return { id: record.id, phase, startsAt, endsAt }
}
