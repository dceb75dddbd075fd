import type { ProbeResult } from '../model.ts'
import type { Clock } from '../ports.ts'
import { Vantage } from './vantage.ts'

/** Controls are asked at most this often, ms. */
const ASK_EVERY_MS = 5_000

type WatchDeps = {
  clock: Clock
  /** Asks the configured controls; true when any answers. Undefined when none is configured. */
  askControls: (() => Promise<boolean>) | undefined
  /** Called when the vantage goes offline or comes back. */
  onChange: (offline: boolean) => void
}

/** Knows whether the place we probe from is cut off: most hosts fail, and every control fails too. */
export class VantageWatch {
  readonly #deps: WatchDeps
  readonly #vantage = new Vantage()
  #offline = false
  #askedAt = Number.NEGATIVE_INFINITY
  #isAsking = false

  constructor(deps: WatchDeps) {
    this.#deps = deps
  }

  get isOffline(): boolean {
    return this.#offline
  }

  /** When a host other than `host`, or a control, last answered, epoch ms. */
  answeredElsewhereAt(host: string): number | null {
    return this.#vantage.answeredElsewhereAt(host)
  }

  /** Notes how far a probe of `host` got. */
  observe(host: string, { at, progress }: Pick<ProbeResult, 'at' | 'progress'>): void {
    this.#vantage.observe(host, at, progress)
    if (progress === 'unsent') return
    const suspect = this.#vantage.isSuspect(at)
    if (this.#offline && progress === 'answered' && !suspect) this.#set(false)
    else if (suspect || (this.#offline && progress !== 'answered')) this.#ask()
  }

  keepOnly(hosts: ReadonlySet<string>): void {
    this.#vantage.keepOnly(hosts)
  }

  #ask(): void {
    const { askControls, clock } = this.#deps
    if (askControls === undefined) {
      this.#set(true)
    } else if (!this.#isAsking && clock.monotonic() - this.#askedAt >= ASK_EVERY_MS) {
      this.#isAsking = true
      askControls().then(
        (answers) => this.#onControls(answers),
        () => this.#onControls(false),
      )
    }
  }

  #onControls(answers: boolean): void {
    const { clock } = this.#deps
    this.#isAsking = false
    this.#askedAt = clock.monotonic()
    if (answers) this.#vantage.answered('', clock.now())
    if (answers === this.#offline) this.#set(!answers)
  }

  #set(offline: boolean): void {
    if (this.#offline === offline) return
    this.#offline = offline
    this.#deps.onChange(offline)
  }
}
