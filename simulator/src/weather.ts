import type { EndpointPlan } from './catalog.ts'
import type { Clock } from './clock.ts'
import { type Fault, HEALTHY } from './fault.ts'
import type { Scene, Script } from './script.ts'

/** What happens where nothing is scripted: the right answer, at once. */
const CALM: Scene = { fault: HEALTHY, latencyMs: 0 }

type Forced = { fault: Fault; cancel: () => void }

/** What is wrong with whom now: what somebody forced, otherwise what the script says. */
export class Weather implements Disposable {
  readonly #clock: Clock
  readonly #script: Script
  readonly #changed: () => void
  readonly #forced = new Map<string, Forced>()
  #begunAt = 0

  /** `changed` is called whenever a forced fault comes or goes. */
  constructor(deps: { clock: Clock; script: Script | undefined; changed: () => void }) {
    this.#clock = deps.clock
    this.#script = deps.script ?? (() => CALM)
    this.#changed = deps.changed
  }

  /** The script's time begins now. */
  begin(): void {
    this.#begunAt = this.#clock.monotonic()
  }

  scene(endpoint: EndpointPlan): Scene {
    const scene = this.#script(endpoint, this.#clock.monotonic() - this.#begunAt)
    return { ...scene, fault: this.#forced.get(endpoint.id)?.fault ?? scene.fault }
  }

  /** Whether the port that these endpoints share is closed. A port stays open for what was forced otherwise. */
  closes(endpoints: readonly EndpointPlan[]): boolean {
    const forced = endpoints.flatMap(({ id }) => this.#forced.get(id) ?? [])
    return forced.length > 0
      ? forced.some(({ fault }) => fault.kind === 'refuse')
      : endpoints.some((endpoint) => this.scene(endpoint).fault.kind === 'refuse')
  }

  isForced(endpoint: string): boolean {
    return this.#forced.has(endpoint)
  }

  force(endpoint: string, fault: Fault, forMs: number | undefined): void {
    this.#forced.get(endpoint)?.cancel()
    const cancel =
      forMs === undefined ? () => {} : this.#clock.after(forMs, () => this.clear(endpoint))
    this.#forced.set(endpoint, { fault, cancel })
    this.#changed()
  }

  clear(endpoint: string): void {
    this.#forced.get(endpoint)?.cancel()
    if (this.#forced.delete(endpoint)) this.#changed()
  }

  [Symbol.dispose](): void {
    for (const { cancel } of this.#forced.values()) cancel()
    this.#forced.clear()
  }
}
