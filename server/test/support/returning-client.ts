import { type Change, follow, type Position, type State, systemTiming } from '@payer-status/client'

/** How long the SDK waits before it comes back after a cut, ms, where its dice say 0. */
const BACKOFF_MS = 1_000
/** Longest wait for what should come at once, ms. */
const PATIENCE_MS = 20_000

/** The SDK's client of one monitor after another, each on another port. It keeps what it was told, as an application would. */
export class ReturningClient {
  readonly statuses = new Map<string, string>()
  readonly revs = new Map<string, number>()
  readonly open = new Map<string, { id: string; openedAt: string }>()
  readonly epochs = new Set<string>()
  /** Endpoints that were said to be unknown although more had been known of them. */
  readonly forgotten: string[] = []
  /** Positions that lay before one that it had already. */
  readonly steppedBack: number[] = []
  position: Position | undefined
  readonly #stop = new AbortController()
  #port = Promise.withResolvers<number>()
  #wake = () => {}

  constructor() {
    void this.#follow()
  }

  /** A monitor is there. */
  at(port: number): void {
    this.#port.resolve(port)
  }

  /** The monitor is gone: whoever wants to come back waits for another. */
  isAway(): void {
    this.#port = Promise.withResolvers<number>()
  }

  leave(): void {
    this.#stop.abort()
  }

  /** Resolves when what it knows satisfies `look`. */
  async until(look: (client: this) => boolean): Promise<void> {
    const late = AbortSignal.timeout(PATIENCE_MS)
    const failed = new Promise<never>((_, reject) => {
      late.addEventListener('abort', () => reject(new Error('the client was told nothing of it')))
    })
    while (!look(this)) {
      const told = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      await Promise.race([told, failed])
    }
  }

  async #follow(): Promise<void> {
    let url = `ws://127.0.0.1:${await this.#port.promise}/ws`
    class Redirected extends WebSocket {
      constructor(_: string, protocols: string[]) {
        super(url, protocols)
      }
    }
    const comeBack = async (run: () => void) => {
      url = `ws://127.0.0.1:${await this.#port.promise}/ws`
      run()
    }
    const timing = {
      ...systemTiming,
      random: () => 0,
      after(ms: number, run: () => void) {
        if (ms !== BACKOFF_MS) return systemTiming.after(ms, run)
        void comeBack(run)
        return () => {}
      },
    }
    const options = { timing, WebSocket: Redirected, signal: this.#stop.signal }
    for await (const change of follow(url, options)) this.#take(change)
  }

  #take(change: Change): void {
    const { position } = change
    if (change.kind === 'snapshot') for (const known of [this.revs, this.open]) known.clear()
    if (position.rev < (this.position?.rev ?? 0)) this.steppedBack.push(position.rev)
    this.position = position
    this.epochs.add(position.epoch)
    for (const state of change.endpoints) this.#takeState(state)
    for (const { id, openedAt, resolvedAt } of change.incidents)
      if (resolvedAt === null) this.open.set(id, { id, openedAt })
      else this.open.delete(id)
    this.#wake()
  }

  #takeState({ endpoint, status, rev }: State): void {
    const before = this.statuses.get(endpoint) ?? 'unknown'
    if (status === 'unknown' && before !== 'unknown') this.forgotten.push(endpoint)
    this.statuses.set(endpoint, status)
    this.revs.set(endpoint, rev)
  }
}
