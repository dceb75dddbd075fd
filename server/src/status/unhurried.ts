/** What is large is told once a second, not at each of its changes: its list is sent whole each time. */

/** More than this is large. */
const LARGE = 100
const EVERY_MS = 1_000

type UnhurriedDeps = {
  /** Runs something later; the returned function cancels it. */
  after: (ms: number, run: () => void) => () => void
  /** The turn of these has come. */
  onTurn: (ids: readonly string[]) => void
}

/** Says when it is whose turn. */
export class Unhurried implements Disposable {
  readonly #deps: UnhurriedDeps
  readonly #waiting = new Set<string>()
  readonly #now = new Set<string>()
  #cancel: (() => void) | undefined

  constructor(deps: UnhurriedDeps) {
    this.#deps = deps
  }

  /** This one does not wait, until this turn is over. */
  now(id: string): void {
    this.#now.add(id)
  }

  /** Whether something of a size is looked at now; what is not has its turn within a second. */
  isTurnOf(id: string, size: number): boolean {
    if (size <= LARGE || this.#now.has(id)) return true
    this.#waiting.add(id)
    this.#cancel ??= this.#deps.after(EVERY_MS, () => {
      this.#cancel = undefined
      const ids = [...this.#waiting]
      this.#waiting.clear()
      for (const waiting of ids) this.#now.add(waiting)
      this.#deps.onTurn(ids)
    })
    return false
  }

  /** Whose turn it was has had it. */
  over(): void {
    this.#now.clear()
  }

  [Symbol.dispose](): void {
    this.#cancel?.()
  }
}
