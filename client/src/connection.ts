import type { ClientFrame, Hello, ServerFrame } from '@payer-status/protocol'
import { reconnectAfter } from './backoff.ts'
import { type Frame, readFrame } from './frames.ts'
import { RefusedError } from './refused-error.ts'
import type { Timing } from './timing.ts'

/** The subprotocol that this client speaks. */
const SUBPROTOCOL = 'payer-status-v2'
/** Longest wait for the connection and its first frame, ms. */
const HELLO_TIMEOUT_MS = 10_000
/** Heartbeats that may be late before a connection counts as dead. */
const SILENT_HEARTBEATS = 2.5
/** Longest silence that a server can ask a client to bear, ms. */
const MAX_SILENCE_MS = 300_000
/** How long a failed socket may take to say how it closed, ms. */
const CLOSE_GRACE_MS = 250
/** How long before its end a token is replaced, ms. */
const REFRESH_EARLY_MS = 30_000
/** Longest timer, ms: browsers fire a longer one at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** The part of a browser's WebSocket that is used. */
export type WebSocketLike = {
  readonly protocol: string
  send(data: string): void
  close(code?: number): void
  addEventListener(
    type: 'open' | 'message' | 'close' | 'error',
    listener: (event: { type: string; data?: unknown; code?: number; reason?: string }) => void,
  ): void
}

/** Makes a WebSocket: the global one of a browser or Node, or one that behaves like it. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike

/** A token, or what fetches a fresh one. */
export type Token = string | (() => string | Promise<string>)

/** How a connection ended. */
export type End =
  | { how: 'closed'; code: number }
  /** Nothing was heard for too long. */
  | { how: 'silent' }
  /** The server sent what makes no sense. */
  | { how: 'senseless' }
  | { how: 'refused'; error: RefusedError }

/** What a connection needs, and whom it tells. */
export type ConnectionDeps = {
  url: URL
  WebSocket: WebSocketConstructor
  timing: Timing
  token: Token | undefined
  onHello(hello: Hello): void
  /** What to send once the server knows who this is. */
  subscribe(): ClientFrame
  /** False when the frame makes no sense here. */
  onFrame(frame: Exclude<ServerFrame, Hello>): boolean
}

/** One WebSocket, from the handshake to its end. */
export class Connection {
  readonly #deps: ConnectionDeps
  readonly #ended = Promise.withResolvers<End>()
  #socket: WebSocketLike | undefined
  #isOver = false
  #isGreeted = false
  #isSubscribed = false
  #silenceMs = HELLO_TIMEOUT_MS
  #cancelSilence = () => {}
  #cancelRefresh = () => {}

  constructor(deps: ConnectionDeps) {
    this.#deps = deps
  }

  /** Connects and subscribes; resolves when it is over. */
  open(): Promise<End> {
    const { WebSocket, url, timing } = this.#deps
    const socket = new WebSocket(url.href, [SUBPROTOCOL])
    this.#socket = socket
    this.#listenFor(HELLO_TIMEOUT_MS)
    socket.addEventListener('open', () => {
      if (socket.protocol !== SUBPROTOCOL) this.#end({ how: 'senseless' })
    })
    socket.addEventListener('message', ({ data }) => this.#read(data))
    socket.addEventListener('close', ({ code = 1006, reason = '' }) => this.#closed(code, reason))
    socket.addEventListener('error', () =>
      timing.after(CLOSE_GRACE_MS, () => this.#closed(1006, '')),
    )
    return this.#ended.promise
  }

  /** Leaves; `open` then resolves as after a close by the server. */
  close(): void {
    this.#end({ how: 'closed', code: 1000 })
  }

  #read(data: unknown): void {
    if (this.#isOver) return
    const frame = readFrame(data)
    this.#listenFor(this.#silenceMs)
    if (!this.#accept(frame)) this.#end({ how: 'senseless' })
  }

  /** False when the frame makes no sense here: a hello comes once, and first. */
  #accept(frame: Frame): boolean {
    if (frame.type === 'unreadable') return false
    if (frame.type === 'unknown') return true
    if (frame.type === 'error') this.#fault(frame)
    else if ((frame.type === 'hello') === this.#isGreeted) return false
    else if (frame.type === 'hello') this.#greet(frame)
    else if (frame.type === 'authenticated') this.#authenticated(frame.expiresAt)
    else return this.#deps.onFrame(frame)
    return true
  }

  #greet(hello: Hello): void {
    this.#isGreeted = true
    this.#silenceMs = Math.min(hello.heartbeatMs * SILENT_HEARTBEATS, MAX_SILENCE_MS)
    this.#listenFor(this.#silenceMs)
    this.#deps.onHello(hello)
    if (hello.auth !== 'required') this.#subscribe()
    else if (this.#deps.token !== undefined) this.#authenticate(this.#deps.token)
    else this.#end(refused(new RefusedError(4001, 'this server requires a token')))
  }

  #authenticate(source: Token): void {
    const token = async () => (typeof source === 'string' ? source : source())
    token().then(
      (text) => this.#send({ type: 'authenticate', token: text }),
      () => this.#end({ how: 'closed', code: 1000 }),
    )
  }

  #authenticated(expiresAt: string | null): void {
    if (!this.#isSubscribed) this.#subscribe()
    const { token, timing } = this.#deps
    if (typeof token !== 'function' || expiresAt === null) return
    const inMs = Math.max(1_000, Date.parse(expiresAt) - timing.now() - REFRESH_EARLY_MS)
    this.#cancelRefresh()
    if (inMs <= MAX_TIMER_MS) {
      this.#cancelRefresh = timing.after(inMs, () => this.#authenticate(token))
    }
  }

  #subscribe(): void {
    this.#isSubscribed = true
    this.#send(this.#deps.subscribe())
  }

  #send(frame: ClientFrame): void {
    if (!this.#isOver) this.#socket?.send(JSON.stringify(frame))
  }

  /** The server could not do what it was asked. Only where that will pass is it worth another try. */
  #fault({ code, message, issues }: Extract<ServerFrame, { type: 'error' }>): void {
    const willPass = code === 'rate_limited' || code === 'internal'
    const error = new RefusedError(code, message, issues)
    this.#end(willPass ? { how: 'closed', code: 4100 } : refused(error))
  }

  #closed(code: number, reason: string): void {
    // An expired token that can be fetched anew is no reason to give up.
    const canRenew = code === 4002 && typeof this.#deps.token === 'function'
    const isFinal = reconnectAfter(code) === 'never' && !canRenew
    this.#end(isFinal ? refused(new RefusedError(code, reason)) : { how: 'closed', code })
  }

  #listenFor(ms: number): void {
    this.#cancelSilence()
    this.#cancelSilence = this.#deps.timing.after(ms, () => this.#end({ how: 'silent' }))
  }

  #end(end: End): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#cancelSilence()
    this.#cancelRefresh()
    this.#socket?.close(1000)
    this.#ended.resolve(end)
  }
}

function refused(error: RefusedError): End {
  return { how: 'refused', error }
}
