import type { Detail, Filter, Position, ServerFrame } from '@payer-status/protocol'
import { type Reconnect, reconnectAfter, waitMs } from './backoff.ts'
import type { Change } from './change.ts'
import { Connection, type End, type Token, type WebSocketConstructor } from './connection.ts'
import { Cursor } from './cursor.ts'
import { Mailbox } from './mailbox.ts'
import type { RefusedError } from './refused-error.ts'
import { sleep, systemTiming, type Timing } from './timing.ts'

/** How the connection is, for showing to people. Times are epoch ms. */
export type ConnectionState =
  | { phase: 'connecting' }
  /** `lagMs` is null until the first heartbeat; `stale`: connected, but what is shown is old. */
  | { phase: 'live'; lagMs: number | null; stale: boolean; heardAt: number }
  /** `heardAt` is when the server was last heard, null when never; `retryAt` when the next attempt begins. */
  | { phase: 'reconnecting'; heardAt: number | null; attempt: number; retryAt: number }
  | { phase: 'refused'; error: RefusedError }

/** A connection that was of use for this long was a good one, ms: the waits begin anew. */
const PROVEN_MS = 5_000
/** Longest time that a server which goes away can ask a client to stay, ms. */
const MAX_DRAIN_MS = 300_000

/** What to follow, and how. */
export type FollowOptions = {
  /** What to follow; everything by default. */
  filter?: Filter
  /** `status` leaves out results that change nothing. @defaultValue 'result' */
  detail?: Detail
  /** Go on from here instead of beginning with a snapshot. */
  since?: Position
  /** Ends the iteration. */
  signal?: AbortSignal
  /** A token, or a function that fetches one each time it is needed. */
  token?: Token
  /** Is told how the connection is, at each change and each heartbeat. */
  onState?: (state: ConnectionState) => void
  /** The WebSocket to use where the runtime has none. */
  WebSocket?: WebSocketConstructor
  /** Time and chance. @defaultValue systemTiming */
  timing?: Timing
}

/** The changes, and where they have brought you. */
export type Following = AsyncGenerator<Change, void, undefined> & {
  /** The place in the log up to which nothing was missed. */
  readonly position: Position | undefined
}

/**
 * Follows a monitor for ever, reconnecting as often as needed, and yields each change once.
 * A slow loop gets fewer, larger changes. Ends when `signal` aborts or the loop is left.
 *
 * @throws {RefusedError} when the server will not have this client as it is
 */
export function follow(url: string | URL, options: FollowOptions = {}): Following {
  const follower = new Follower(addressOf(url), options)
  const changes = changesOf(follower, options.signal)
  return Object.defineProperty(changes, 'position', {
    get: () => follower.position,
  }) as Following
}

async function* changesOf(follower: Follower, signal: AbortSignal | undefined) {
  const stop = () => follower.stop()
  signal?.addEventListener('abort', stop)
  try {
    if (!signal?.aborted) follower.start()
    while (!signal?.aborted) {
      const change = await follower.take()
      if (change === undefined) return
      yield change
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    stop()
  }
}

/** Keeps one connection after another, and what must outlive each of them: the cursor. */
class Follower {
  readonly changes = new Mailbox()
  readonly #url: URL
  readonly #options: FollowOptions
  readonly #timing: Timing
  readonly #cursor: Cursor
  readonly #stopping = new AbortController()
  #connection: Connection | undefined
  #taken: Position | undefined
  #attempt = 0
  #heardAt: number | null = null
  #liveSince: number | null = null
  #lagMs: number | null = null
  #leaving: { until: number; over: Promise<void> } | undefined

  constructor(url: URL, options: FollowOptions) {
    this.#url = url
    this.#options = options
    this.#timing = options.timing ?? systemTiming
    this.#cursor = new Cursor(options.since)
    this.#taken = options.since
  }

  /** Where the application is: what waits for it does not count. */
  get position(): Position | undefined {
    return this.changes.isEmpty ? this.#cursor.position : this.#taken
  }

  async take(): Promise<Change | undefined> {
    const change = await this.changes.take()
    if (change !== undefined) this.#taken = change.position
    return change
  }

  start(): void {
    this.#run().catch((error: Error) => this.changes.end(error))
  }

  stop(): void {
    this.#stopping.abort()
    this.#connection?.close()
    this.changes.end()
  }

  async #run(): Promise<void> {
    this.#tell({ phase: 'connecting' })
    while (!this.#stopping.signal.aborted) {
      this.#connection = this.#newConnection()
      const end = await this.#connection.open()
      if (this.#stopping.signal.aborted) return
      if (end.how === 'refused') {
        this.#tell({ phase: 'refused', error: end.error })
        return this.changes.end(end.error)
      }
      await this.#pause(end)
    }
  }

  #newConnection(): Connection {
    const { filter, detail, token, WebSocket = globalWebSocket() } = this.#options
    this.#leaving = undefined
    this.#liveSince = null
    this.#lagMs = null
    return new Connection({
      url: this.#url,
      WebSocket,
      timing: this.#timing,
      token,
      onHello: (hello) => this.#cursor.greet({ epoch: hello.epoch, rev: hello.rev }),
      subscribe: () => {
        if (this.#cursor.isResuming) this.#live(false)
        const since = this.#cursor.position
        return {
          type: 'subscribe',
          ...(filter && { filter }),
          ...(detail && { detail }),
          ...(since && { since }),
        }
      },
      onFrame: (frame) => this.#onFrame(frame),
    })
  }

  #onFrame(frame: Exclude<ServerFrame, { type: 'hello' }>): boolean {
    this.#heardAt = this.#timing.now()
    if (frame.type === 'drain') this.#leave(frame.reconnectAfterMs)
    if (frame.type !== 'snapshot' && frame.type !== 'updates' && frame.type !== 'heartbeat')
      return true
    const batch = this.#cursor.read(frame)
    if (batch === 'senseless') return false
    if (batch !== undefined) this.changes.put(batch)
    if (frame.type === 'heartbeat') this.#lagMs = frame.lagMs
    if (frame.type === 'heartbeat' || batch?.kind === 'snapshot') {
      this.#live(frame.type === 'heartbeat' && frame.stale)
    }
    return true
  }

  #live(isStale: boolean): void {
    const now = this.#timing.now()
    this.#liveSince ??= now
    const stale = isStale || this.#cursor.isAhead
    this.#tell({ phase: 'live', lagMs: this.#lagMs, stale, heardAt: now })
  }

  /** The node goes away: stay until a random moment in the range it gave, then move on at once. */
  #leave([from, to]: readonly [number, number]): void {
    if (this.#leaving) return
    const wanted = from + this.#timing.random() * Math.max(0, to - from)
    const ms = Math.min(wanted, MAX_DRAIN_MS)
    const connection = this.#connection
    const over = sleep(this.#timing, ms, this.#stopping.signal).then(() => connection?.close())
    this.#leaving = { until: this.#timing.now() + ms, over }
  }

  async #pause(end: End): Promise<void> {
    const now = this.#timing.now()
    if (this.#liveSince !== null && now - this.#liveSince >= PROVEN_MS) this.#attempt = 0
    const ms = waitMs(reconnectOf(end), this.#attempt, this.#timing)
    this.#attempt++
    const { until: retryAt, over } = this.#leaving ?? {
      until: now + ms,
      over: sleep(this.#timing, ms, this.#stopping.signal),
    }
    this.#tell({ phase: 'reconnecting', heardAt: this.#heardAt, attempt: this.#attempt, retryAt })
    await over
  }

  #tell(state: ConnectionState): void {
    if (!this.#stopping.signal.aborted) this.#options.onState?.(state)
  }
}

function reconnectOf(end: End): Reconnect {
  if (end.how === 'closed') return reconnectAfter(end.code)
  return end.how === 'silent' ? 'soon' : 'backoff'
}

function addressOf(url: string | URL): URL {
  const page = (globalThis as { location?: { href: string } }).location?.href
  const address = new URL(url, page)
  address.protocol = address.protocol.replace(/^http/, 'ws')
  return address
}

function globalWebSocket(): WebSocketConstructor {
  if (globalThis.WebSocket !== undefined) return globalThis.WebSocket
  throw new TypeError('this runtime has no WebSocket: pass one as the option `WebSocket`')
}
