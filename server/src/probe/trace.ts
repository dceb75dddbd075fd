import type { Phases } from '@payer-status/protocol'
import type { Clock } from '../lib/clock.ts'
import type { Progress, TlsSeen } from '../model.ts'
import { late, PHASE_OF_STEP, type ProbeError, type Step } from './failure.ts'

/** What one exchange has shown so far: one step runs at a time, each with its own bound. */
export class Trace {
  readonly phases: Phases = noPhases()
  progress: Progress = 'nothing'
  /** Whether it went over a connection that was open already. */
  reused = false
  tls: TlsSeen | null = null
  /** The status, as soon as there is one. */
  status: number | null = null
  /** Of the answer. */
  httpVersion: string | undefined
  bytes = 0
  truncated = false
  /** Whether a connection that was open already turned out to be closing: our race, not the payer's fault. */
  stale = false

  elapsedMs = 0

  readonly #clock: Clock
  readonly #started: number
  #running: { step: Step; since: number } | undefined
  #cancelTimer = () => {}
  #ended = false

  constructor(clock: Clock) {
    this.#clock = clock
    this.#started = clock.monotonic()
  }

  /** The step that is running, or that was when the exchange ended. */
  get step(): Step | undefined {
    return this.#running?.step
  }

  /** Ends the step before and begins the next; `tooLate` is called if that takes longer than its bound. */
  enter(step: Step, bound?: { ms: number; tooLate: (failure: ProbeError) => void }): void {
    if (this.#ended) return
    this.#endStep()
    this.#running = { step, since: this.#clock.monotonic() }
    if (bound === undefined) return
    const { ms, tooLate } = bound
    this.#cancelTimer = this.#clock.after(ms, () => tooLate(late(step, ms)))
  }

  /** Ends the step as one that was not taken after all, so that it has no time. */
  skip(): void {
    this.#cancelTimer()
    this.#running = undefined
  }

  /** Ends the last step, and with it the exchange; its name stays known. */
  end(): void {
    this.#endStep()
    this.#ended = true
    this.elapsedMs = this.#clock.monotonic() - this.#started
  }

  #endStep(): void {
    this.#cancelTimer()
    if (this.#running === undefined || this.#ended) return
    this.phases[PHASE_OF_STEP[this.#running.step]] = this.#clock.monotonic() - this.#running.since
  }
}

function noPhases(): Phases {
  return { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, transferMs: null }
}

/** The phases of all exchanges together; a step that none took stays null. */
export function sumOfPhases(traces: readonly Trace[]): Phases {
  const sum = noPhases()
  for (const phase of Object.values(PHASE_OF_STEP)) {
    const times = traces.map(({ phases }) => phases[phase]).filter((ms) => ms !== null)
    if (times.length > 0) sum[phase] = times.reduce((total, ms) => total + ms, 0)
  }
  return sum
}
