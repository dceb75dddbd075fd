import { CloseCode, type ErrorFrame, type ServerFrame } from '@payer-status/protocol'
import type { Board } from '../board/board.ts'
import type { Names } from '../board/names.ts'
import type { Clock } from '../ports.ts'
import { Feed } from './feed.ts'
import { encodeFrame, type Framed } from './frames.ts'
import type { Channel, HubCounters } from './hub-counters.ts'
import { MESSAGE_RATE, MessageRate } from './message-rate.ts'
import type { HubSettings, Peer } from './settings.ts'
import type { Subscription } from './subscription.ts'

/** The part of the hub that its sessions use. */
export type Desk = {
  readonly board: Board
  readonly names: Names
  readonly clock: Clock
  readonly counters: HubCounters
  readonly settings: HubSettings
  subscribe(session: Session, subscription: Subscription): void
  unsubscribe(session: Session): void
  /** The session's socket takes more, or has told that more has arrived. */
  drained(session: Session): void
  leave(session: Session): void
}

/** What a session is made from. */
export type SessionOf = {
  id: string
  socket: Peer
  channel: Channel
  remote: string
  desk: Desk
  /** What is done with a frame from the client; undefined stands for a binary one. */
  understand: (session: Session, text: string | undefined) => void
}

/** RFC 6455 section 7.4.1: a message that is too big. */
const TOO_LARGE = 1009
const INVALID_WINDOW_MS = 10_000
const MAX_INVALID = 3
const RATE_MESSAGE = `too many frames: expected at most ${MESSAGE_RATE.perSecond} a second and ${MESSAGE_RATE.perMinute} a minute`

/** One client, from its first frame to its last. */
export class Session {
  readonly id: string
  readonly channel: Channel
  readonly remote: string
  readonly desk: Desk
  readonly joinedAt: number
  readonly feed: Feed
  readonly #socket: Peer
  readonly #understand: SessionOf['understand']
  readonly #rate: MessageRate
  #invalidAt: number[] = []
  #unanswered = 0
  #isClosed = false

  constructor({ id, socket, channel, remote, desk, understand }: SessionOf) {
    const { board, clock, counters, settings } = desk
    const write = (framed: Framed) => this.#write(framed)
    this.id = id
    this.channel = channel
    this.remote = remote
    this.desk = desk
    this.joinedAt = clock.monotonic()
    this.feed = new Feed({ socket, board, clock, counters, settings, write })
    this.#socket = socket
    this.#understand = understand
    this.#rate = new MessageRate(clock)
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Pings that have not been answered. */
  get unanswered(): number {
    return this.#unanswered
  }

  /** True when its socket takes more at once. */
  get isWritable(): boolean {
    return !this.#isClosed && this.#socket.writable
  }

  /** Takes one frame from the client: its text, or undefined when it is binary. */
  receive(text: string | undefined): void {
    if (!this.#isAllowed()) return
    const { frameBytes } = this.desk.settings
    if (text === undefined || Buffer.byteLength(text) <= frameBytes) this.#understand(this, text)
    else if (this.channel === 'v1') this.close(TOO_LARGE, 'frame too large')
    else
      this.reject({
        code: 'too_large',
        message: `expected at most ${frameBytes} bytes`,
        issues: [],
      })
  }

  /** Takes a ping of the client, which its socket answers by itself. */
  pinged(): void {
    this.#isAllowed()
  }

  /** A sign of life has come. */
  alive(): void {
    this.#unanswered = 0
  }

  /** The socket takes more. */
  drained(): void {
    if (!this.#isClosed) this.desk.drained(this)
  }

  /** Tells this client alone. v1 has no such frames. */
  reply(frame: ServerFrame): void {
    if (this.channel === 'v1') return
    const bytes = encodeFrame(this.channel, frame, this.desk.board.epoch)
    this.desk.counters.framesEncoded++
    this.#write({ bytes, messages: 1 })
  }

  /** Sends a heartbeat, which `encode` makes for a channel and a position. */
  heartbeat(encode: (channel: 'v2' | 'sse', rev: number) => Buffer): void {
    if (this.channel === 'v1' || this.feed.isSending || !this.#socket.writable) return
    this.#write({ bytes: encode(this.channel, this.feed.cursor), messages: 1 })
  }

  /** Names what was wrong with a frame. The third time within 10 s ends the connection. */
  reject({ code, message, issues }: Omit<ErrorFrame, 'type'>): void {
    const now = this.desk.clock.monotonic()
    this.desk.counters.framesInvalid++
    this.reply({ type: 'error', code, message, issues })
    this.#invalidAt = [...this.#invalidAt.filter((at) => now - at < INVALID_WINDOW_MS), now]
    if (this.#invalidAt.length >= MAX_INVALID)
      this.close(CloseCode.BadFrame, 'three invalid frames within 10 s')
  }

  /** Tries again what could not be sent, and gives up a client that has made no progress for too long. */
  retry(): void {
    this.drained()
    if (this.feed.stuckFor(this.desk.clock.monotonic()) >= this.desk.settings.stuckAfter)
      this.close(CloseCode.SlowConsumer, 'what was sent was not taken')
  }

  /** Asks for a sign of life, where the socket can. */
  ping(): void {
    if (this.#socket.ping === undefined) return
    this.#unanswered++
    this.#socket.ping()
  }

  /** Ends the connection, with a code that says what the client may do next (docs/protocol.md). */
  close(code: number, reason: string): void {
    if (this.#end(`${code}:server`)) this.#socket.close(code, reason)
  }

  /** Ends the connection to a far side that is not there any more. */
  terminate(): void {
    if (!this.#end('1006:server')) return
    if (this.#socket.terminate) this.#socket.terminate()
    else this.#socket.close(1006, '')
  }

  /** The connection has ended without the hub; `code` and who used it are counted. */
  gone(code: string, initiator: 'client' | 'server'): void {
    this.#end(`${code}:${initiator}`)
  }

  #write({ bytes, messages }: Framed): void {
    if (this.#isClosed) return
    const { counters } = this.desk
    counters.messagesSent[this.channel] += messages
    counters.bytesSent += bytes.length
    this.#socket.write(bytes)
  }

  #end(reason: string): boolean {
    if (this.#isClosed) return false
    this.#isClosed = true
    const { closes } = this.desk.counters
    closes.set(reason, (closes.get(reason) ?? 0) + 1)
    this.desk.leave(this)
    this.feed.follow(undefined, this.feed.cursor)
    return true
  }

  #isAllowed(): boolean {
    if (this.#isClosed) return false
    this.alive()
    this.desk.counters.framesReceived++
    const verdict = this.#rate.count()
    if (verdict === 'pass') return true
    if (verdict === 'close') this.close(CloseCode.TooManyFrames, 'too many frames')
    else this.reply({ type: 'error', code: 'rate_limited', message: RATE_MESSAGE, issues: [] })
    return false
  }
}
