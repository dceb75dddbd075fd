import type { Progress } from '../model.ts'

/** How far back attempts count, ms. */
const LOOK_BACK_MS = 60_000
/** Fewer hosts than this say nothing of our own network. */
const LEAST_HOSTS = 5
/** More than this share of hosts without an answer is our own network's doing, unless a control answers. */
const FAILING_SHARE = 0.8

type Attempt = { at: number; answered: boolean }

/** What the place we probe from sees of the world: whether it sees anything at all. */
export class Vantage {
  readonly #latest = new Map<string, Attempt>()
  /** The two different hosts that answered last: one of them is always "another host". */
  #answers: { host: string; at: number }[] = []

  /** Notes how far a probe of `host` got. A probe that was never sent says nothing. */
  observe(host: string, at: number, progress: Progress): void {
    if (progress === 'unsent') return
    const answered = progress === 'answered'
    this.#latest.set(host, { at, answered })
    if (answered) this.answered(host, at)
  }

  /** Notes that `host`, or a control, answered. */
  answered(host: string, at: number): void {
    this.#answers = [{ host, at }, ...this.#answers.filter((a) => a.host !== host)].slice(0, 2)
  }

  /** When a host other than `host` last answered, epoch ms. */
  answeredElsewhereAt(host: string): number | null {
    return this.#answers.find((answer) => answer.host !== host)?.at ?? null
  }

  /** Whether so few hosts answered within the last minute that our own network must be asked. */
  isSuspect(now: number): boolean {
    let tried = 0
    let failing = 0
    for (const { at, answered } of this.#latest.values()) {
      if (at < now - LOOK_BACK_MS) continue
      tried++
      if (!answered) failing++
    }
    return tried >= LEAST_HOSTS && failing > tried * FAILING_SHARE
  }

  /** Forgets hosts that are no longer probed. */
  keepOnly(hosts: ReadonlySet<string>): void {
    for (const host of this.#latest.keys()) if (!hosts.has(host)) this.#latest.delete(host)
  }
}
