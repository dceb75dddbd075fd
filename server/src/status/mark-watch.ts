import type { EndpointState, LogEntry, LogRecord } from '../model.ts'
import type { Clock, Log } from '../ports.ts'
import { ended, nextEnd } from './marks.ts'

type WatchDeps = {
  clock: Clock
  log: Log
  stateOf: (endpoint: string) => EndpointState | undefined
  publish: (record: LogRecord) => void
  /** Puts pauses in force: those that were resumed are probed again, paused ones not any more. */
  reassign: (resumed: readonly string[]) => void
}

/** Pauses within this time are put in force together, ms: each time the prober is handed its whole work anew. */
const TOGETHER_MS = 100
/** Longest timer that is set, ms; what ends later is looked at again then. */
const MAX_WAIT_MS = 24 * 3_600_000

/** Follows the log for pauses and silences: puts them in force, and ends them when their time has come, also after a restart. */
export class MarkWatch implements Disposable {
  readonly #deps: WatchDeps
  readonly #paused = new Set<string>()
  readonly #silenced = new Set<string>()
  readonly #resumed = new Set<string>()
  /** What waits for the next end of each endpoint. */
  readonly #ends = new Map<string, { at: number; cancel: () => void }>()
  #reassigning: (() => void) | undefined

  constructor(deps: WatchDeps) {
    this.#deps = deps
  }

  /** How many endpoints are paused and silenced now. */
  get figures(): { paused: number; silenced: number } {
    return { paused: this.#paused.size, silenced: this.#silenced.size }
  }

  onEntry(entry: LogEntry): void {
    if (entry.kind !== 'endpoint') return
    const { id, value } = entry
    put(this.#silenced, id, value?.silencedUntil !== undefined)
    const wasPaused = this.#paused.has(id)
    put(this.#paused, id, value?.paused !== undefined)
    if (wasPaused !== this.#paused.has(id)) {
      put(this.#resumed, id, wasPaused && value !== null)
      this.#reassign()
    }
    this.#await(id, value === null ? undefined : nextEnd(value))
  }

  [Symbol.dispose](): void {
    this.#reassigning?.()
    for (const { cancel } of this.#ends.values()) cancel()
    this.#ends.clear()
  }

  #reassign(): void {
    this.#reassigning ??= this.#deps.clock.after(TOGETHER_MS, () => {
      this.#reassigning = undefined
      const resumed = [...this.#resumed]
      this.#resumed.clear()
      this.#deps.reassign(resumed)
    })
  }

  #await(id: string, at: number | undefined): void {
    const waiting = this.#ends.get(id)
    if (waiting?.at === at) return
    waiting?.cancel()
    this.#ends.delete(id)
    if (at === undefined) return
    const ms = Math.min(Math.max(0, at - this.#deps.clock.now()), MAX_WAIT_MS)
    this.#ends.set(id, { at, cancel: this.#deps.clock.after(ms, () => this.#end(id)) })
  }

  /** The wall clock may have been set back since, or the end be further away than a timer reaches. */
  #end(id: string): void {
    const { clock, log, stateOf, publish } = this.#deps
    this.#ends.delete(id)
    const state = stateOf(id)
    if (state === undefined) return
    const value = ended(state, clock.now())
    if (value === state) {
      this.#await(id, nextEnd(state))
      return
    }
    if (state.paused && !value.paused) log.info({ endpoint: id }, 'pause ended')
    if (state.silencedUntil !== value.silencedUntil) log.info({ endpoint: id }, 'silence ended')
    publish({ kind: 'endpoint', id, value })
  }
}

function put(set: Set<string>, id: string, isIn: boolean): void {
  if (isIn) set.add(id)
  else set.delete(id)
}
