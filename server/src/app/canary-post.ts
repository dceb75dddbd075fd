import type { Line } from '../serve/ws-client.ts'

/** The times of a moment: epoch ms, and monotonic ms. */
type Moment = { now: number; monotonic: number }

/** Frames of ours begin so. */
const HEAD = /^\{"type":"(updates|heartbeat)","rev":(\d+)/
/** What stands before the time of a result. */
const RESULT_AT = '"result":{"at":"'
const TIME_LENGTH = '2026-01-01T00:00:00.000Z'.length

/** What the canary hears from one gateway thread. */
export class CanaryPost {
  /** The connection to the thread; none while it is being looked for. */
  line: Line | undefined
  /** When it was told something last, monotonic ms; before the first time, since when it waits for that. */
  heardAt: number
  /** Whether it ever was. */
  wasHeard = false
  #openedAt = 0
  #rev = -1
  #wasBehind = false
  /** The newest result that was heard of, epoch ms. */
  #newest = 0

  constructor(now: number) {
    this.heardAt = now
  }

  /** When there was a sign of life of the connection that is there now. A greeting is none of the push. */
  get lastSignAt(): number {
    return Math.max(this.heardAt, this.#openedAt)
  }

  /** Whether it should have been told of `rev` and was not. */
  isBehind(rev: number): boolean {
    return this.#rev >= 0 && this.#rev < rev
  }

  /** Whether it has fallen behind since the last time. */
  noteBehind(rev: number): boolean {
    const was = this.#wasBehind
    this.#wasBehind = this.isBehind(rev)
    return this.#wasBehind && !was
  }

  arrive(line: Line, now: number): void {
    this.line = line
    this.#openedAt = now
  }

  /** Ends the connection. */
  leave(): void {
    this.line?.end()
    this.line = undefined
  }

  /** Forgets a connection that has ended; false when it was another's. */
  lose(line: Line): boolean {
    if (this.line !== line) return false
    this.line = undefined
    return true
  }

  /** Takes one frame. Gives how long the result that waited longest took, ms; undefined where there was no new one. */
  hear(text: string, { now, monotonic }: Moment): number | undefined {
    if (text.startsWith('{"type":"hello"')) this.#subscribe(text)
    const [, type, rev] = HEAD.exec(text) ?? []
    if (type === undefined) return undefined
    this.#rev = Number(rev)
    this.heardAt = monotonic
    this.wasHeard = true
    return type === 'updates' ? this.#latency(text, now) : undefined
  }

  /** Wants all that changes from here on, and no snapshot: it resumes from where the log is. */
  #subscribe(hello: string): void {
    const { epoch, rev } = JSON.parse(hello) as { epoch: string; rev: number } // safe: the hub's own frame
    this.line?.say(JSON.stringify({ type: 'subscribe', detail: 'result', since: { epoch, rev } }))
  }

  /** What is told again for another reason has a result that was heard of before: it is not counted. */
  #latency(updates: string, now: number): number | undefined {
    if (this.#newest > now) this.#newest = 0 // the clock was set back
    let oldest = Number.POSITIVE_INFINITY
    let newest = this.#newest
    for (let at = updates.indexOf(RESULT_AT); at >= 0; at = updates.indexOf(RESULT_AT, at + 1)) {
      const start = at + RESULT_AT.length
      const time = Date.parse(updates.slice(start, start + TIME_LENGTH))
      if (time <= this.#newest) continue
      oldest = Math.min(oldest, time)
      newest = Math.max(newest, time)
    }
    this.#newest = newest
    return oldest <= now ? now - oldest : undefined
  }
}
