/** A client of our own: it comes in by the public door, one connection a gateway thread, and notes whether pushes arrive. */
import { CloseCode } from '@payer-status/protocol'
import { type Clock, every } from '../lib/clock.ts'
import type { Log } from '../ports.ts'
import type { CanaryFigures } from '../serve/canary-metrics.ts'
import { PASS_HEADER, THREAD_HEADER } from '../serve/canary-pass.ts'
import { Distribution } from '../serve/distribution.ts'
import { DELIVERY_BUCKETS } from '../serve/hub-counters.ts'
import { type Ending, type Line, openLine } from '../serve/ws-client.ts'
import { CanaryPost } from './canary-post.ts'

export type CanaryDeps = {
  clock: Clock
  log: Log
  /** `/ws` on the public listener. */
  url: string
  /** What it is known by, see canary-pass.ts. */
  secret: string
  /** How many gateway threads there are. */
  threads: number
  /** Longest time between two frames from the hub, ms. */
  heartbeat: number
  /** The position of the log, which every thread should push up to. */
  rev: () => number
  /** What `push` says has changed. */
  changed: () => void
}

/**
 * Whether pushes arrive: from all threads, from some, from none; or from none ever, which is more likely to be the
 * canary's own trouble, such as an address that this machine may not call itself by.
 */
export type Push = 'arrives' | 'partly' | 'broken' | 'unproven'

const CHECK_MS = 1_000
/** Longest time for a handshake, ms. */
const HANDSHAKE_MS = 5_000
/** Two heartbeats may be missed, and a busy machine be late. */
const MISSED_HEARTBEATS = 2
const SPARE_MS = 5_000
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 8_000
/** The system chooses the thread: so often for each of them it is asked for another before the next pause. */
const TRIES_PER_THREAD = 8
/** Closes that the hub does on purpose. */
const EXPECTED: ReadonlySet<Ending> = new Set([CloseCode.MaximumAge, CloseCode.Draining])

type Attempt = { line: Line; since: number; post?: CanaryPost }

/** Connects, listens, measures, comes back. Disposing it ends its connections. */
export class Canary implements Disposable {
  readonly #deps: CanaryDeps
  readonly #posts: CanaryPost[]
  readonly #patience: number
  readonly #failures = new Map<string, number>()
  readonly #delivery = new Distribution(DELIVERY_BUCKETS)
  /** Where the log was at each check, back to one that is older than patience. */
  #marks: { at: number; rev: number }[] = []
  #attempt: Attempt | undefined
  #misses = 0
  #nextAt = 0
  #push: Push = 'arrives'
  readonly #stopChecking: () => void

  constructor(deps: CanaryDeps) {
    const { clock, threads, heartbeat } = deps
    this.#deps = deps
    this.#patience = MISSED_HEARTBEATS * heartbeat + SPARE_MS
    const now = clock.monotonic()
    this.#posts = Array.from({ length: threads }, () => new CanaryPost(now))
    this.#stopChecking = every(clock, CHECK_MS, () => this.#check())
    this.#seek(threads * TRIES_PER_THREAD)
  }

  /** Whether pushes arrive. */
  get push(): Push {
    return this.#push
  }

  /** For the metrics. */
  get figures(): CanaryFigures {
    return {
      hearing: this.#posts.filter((post) => post.line && this.#isHearing(post)).length,
      isUp: this.#push === 'arrives',
      failures: this.#failures,
      delivery: this.#delivery,
    }
  }

  [Symbol.dispose](): void {
    this.#stopChecking()
    this.#attempt?.line.end()
    this.#attempt = undefined
    for (const post of this.#posts) post.leave()
  }

  #check(): void {
    const { clock, rev, threads } = this.#deps
    const now = clock.monotonic()
    this.#marks.push({ at: now, rev: rev() })
    while ((this.#marks[1]?.at ?? now) <= now - this.#patience) this.#marks.shift()
    for (const post of this.#posts) this.#look(post, now)
    if (this.#attempt && now - this.#attempt.since > HANDSHAKE_MS) {
      this.#attempt.line.end()
      this.#missed('unreachable')
    }
    this.#judge()
    if (this.#attempt === undefined && now >= this.#nextAt && this.#isMissingOne)
      this.#seek(threads * TRIES_PER_THREAD)
  }

  /** A connection without a frame is given up; one that is only behind would not get further by coming anew. */
  #look(post: CanaryPost, now: number): void {
    if (post.line === undefined) return
    if (now - post.lastSignAt > this.#patience) {
      post.leave()
      this.#fail('silent')
    } else if (post.noteBehind(this.#dueRev)) this.#fail('behind')
  }

  /** The position that everybody should have been told by now. */
  get #dueRev(): number {
    const [oldest] = this.#marks
    const isOld = oldest && oldest.at <= this.#deps.clock.monotonic() - this.#patience
    return isOld ? oldest.rev : 0
  }

  #isHearing(post: CanaryPost): boolean {
    const isSilent = this.#deps.clock.monotonic() - post.heardAt > this.#patience
    return !isSilent && !post.isBehind(this.#dueRev)
  }

  get #isMissingOne(): boolean {
    return this.#posts.some(({ line }) => line === undefined)
  }

  #judge(): void {
    const before = this.#push
    const hearing = this.#posts.filter((post) => this.#isHearing(post)).length
    const nobody = this.#posts.some(({ wasHeard }) => wasHeard) ? 'broken' : 'unproven'
    const some = hearing === this.#posts.length ? 'arrives' : 'partly'
    this.#push = hearing === 0 ? nobody : some
    if (this.#push === before) return
    const { log, changed } = this.#deps
    if (this.#push === 'arrives') log.info({}, 'push arrives again')
    else log.error({ count: this.#posts.length - hearing }, 'push does not arrive')
    changed()
  }

  #seek(tries: number): void {
    const { clock, url, secret } = this.#deps
    const headers = { [PASS_HEADER]: secret }
    const line = openLine(
      { url, subprotocol: 'payer-status-v2', headers },
      {
        opened: (answer) => this.#arrived(attempt, Number(answer[THREAD_HEADER] ?? 0), tries),
        text: (text) => this.#hear(attempt, text),
        ended: (why) => this.#ended(attempt, why),
      },
    )
    const attempt: Attempt = { line, since: clock.monotonic() }
    this.#attempt = attempt
  }

  #arrived(attempt: Attempt, thread: number, tries: number): void {
    if (this.#attempt !== attempt) return
    this.#attempt = undefined
    const post = this.#posts[thread]
    if (post === undefined || post.line !== undefined) attempt.line.end()
    else {
      attempt.post = post
      post.arrive(attempt.line, this.#deps.clock.monotonic())
    }
    if (!this.#isMissingOne) this.#misses = 0
    else if (tries > 1) this.#seek(tries - 1)
    else this.#pause()
  }

  #hear({ post }: Attempt, text: string): void {
    const { clock } = this.#deps
    const latencyMs = post?.hear(text, { now: clock.now(), monotonic: clock.monotonic() })
    if (latencyMs !== undefined) this.#delivery.observe(latencyMs / 1_000)
  }

  #ended(attempt: Attempt, why: Ending): void {
    if (attempt === this.#attempt) {
      this.#missed(typeof why === 'number' ? 'unreachable' : why)
      return
    }
    if (!attempt.post?.lose(attempt.line) || EXPECTED.has(why)) return
    this.#fail('lost')
  }

  #missed(reason: 'refused' | 'unreachable'): void {
    this.#attempt = undefined
    this.#fail(reason)
    this.#pause()
  }

  #pause(): void {
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#misses++)
    this.#nextAt = this.#deps.clock.monotonic() + wait
  }

  #fail(reason: string): void {
    this.#failures.set(reason, (this.#failures.get(reason) ?? 0) + 1)
  }
}
