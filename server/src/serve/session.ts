import { CloseCode, type ErrorFrame, type ServerFrame } from '@payer-status/protocol'
import type { Names } from '../board/names.ts'
import { CANARY } from './canary-pass.ts'
import { Feed, type FeedDesk } from './feed.ts'
import { encodeFrame } from './frames.ts'
import type { Channel } from './hub-counters.ts'
import { MESSAGE_RATE, MessageRate } from './message-rate.ts'
import type { Peer } from './settings.ts'
import type { Subscription } from './subscription.ts'

/** The part of the hub that its sessions use. */
export type Desk = FeedDesk & {
  readonly names: Names
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
  readonly feed: Feed
  /** When it is too old, monotonic ms. */
  closeAt = Number.POSITIVE_INFINITY
  readonly #socket: Peer
  readonly #understand: SessionOf['understand']
  readonly #rate: MessageRate
  #invalidAt: number[] | undefined
  #unanswered = 0
  #isClosed = false

  constructor({ id, socket, channel, remote, desk, understand }: SessionOf) {
    this.id = id
    this.channel = channel
    this.remote = remote
    this.desk = desk
    this.feed = new Feed(this, socket)
    this.#socket = socket
    this.#understand = understand
    this.#rate = new MessageRate(desk.clock)
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Whether it is a client: our own canary takes no place and is in no figure of clients. */
  get isClient(): boolean {
    return this.remote !== CANARY
  }

  /** What has not been acknowledged of what was sent. */
  get unsentBytes(): number {
    return this.#socket.unsentBytes
  }

  /** Pings that have not been answered. */
  get unanswered(): number {
    return this.#unanswered
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

  /** A sign of life has come; `tookMs` when it answers a ping. */
  alive(tookMs?: number): void {
    this.#unanswered = 0
    if (tookMs !== undefined) this.desk.counters.pingSeconds.observe(tookMs / 1_000)
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
    this.desk.counters.framesForOne++
    this.send(bytes)
  }

  /** Sends one frame that is framed for its channel. */
  send(bytes: Buffer): void {
    if (!this.#isClosed) this.feed.send({ bytes, messages: 1 })
  }

  /** Sends a heartbeat, which `encode` makes for a channel and a position. */
  heartbeat(encode: (channel: 'v2' | 'sse', rev: number) => Buffer): void {
    if (this.channel === 'v1' || this.feed.isSending || !this.#socket.writable) return
    this.send(encode(this.channel, this.feed.position))
  }

  /** Names what was wrong with a frame. The third time within 10 s ends the connection. */
  reject({ code, message, issues }: Omit<ErrorFrame, 'type'>): void {
    const now = this.desk.clock.monotonic()
    this.desk.counters.framesInvalid++
    this.reply({ type: 'error', code, message, issues })
    const recent = (this.#invalidAt ?? []).filter((at) => now - at < INVALID_WINDOW_MS)
    this.#invalidAt = [...recent, now]
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

  #end(reason: string): boolean {
    if (this.#isClosed) return false
    this.#isClosed = true
    const { closes } = this.desk.counters
    if (this.isClient) closes.set(reason, (closes.get(reason) ?? 0) + 1)
    this.desk.leave(this)
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
