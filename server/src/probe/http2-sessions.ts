import { type ClientHttp2Session, connect } from 'node:http2'
import type { Socket } from 'node:net'
import type { Clock } from '../lib/clock.ts'
import { IDLE_AGE, MAX_IDLE_PER_ORIGIN } from './idle.ts'

/** Most bytes of headers: the same as of HTTP/1.1. */
export const MAX_HEADER_BYTES = 16 * 1024

/** A session, and the connection below it. */
export type Http2Link = { session: ClientHttp2Session; socket: Socket }

type Idle = Http2Link & { cancel: () => void }

/** HTTP/2 sessions: each serves one request at a time, and waits for the next as a connection does. */
export class Http2Sessions implements Disposable {
  readonly #clock: Clock
  readonly #idle = new Map<string, Idle[]>()
  readonly #sockets = new Set<Socket>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Counts a connection among those that are closed with this. */
  add(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  /** Begins a session over a connection that is made. */
  begin(origin: string, socket: Socket): Http2Link {
    const settings = { enablePush: false, maxHeaderListSize: MAX_HEADER_BYTES }
    const session = connect(origin, { createConnection: () => socket, settings })
    session.on('error', () => {}) // which its streams are told, too
    return { session, socket }
  }

  /** A session that waits; it is the caller's until it is put back. */
  take(key: string): Http2Link | undefined {
    const link = this.#idle.get(key)?.pop()
    link?.cancel()
    return link
  }

  /** Lets a session wait for the next request. One that cannot, or is one too many, is closed. */
  put(key: string, link: Http2Link): void {
    const idle = this.#idle.get(key) ?? []
    if (link.session.closed || link.session.destroyed || idle.length >= MAX_IDLE_PER_ORIGIN) {
      link.session.close()
      return
    }
    const cancelAge = this.#clock.after(IDLE_AGE, () => link.session.destroy())
    const leave = () => this.#leave(key, link)
    link.session.once('goaway', leave).once('close', leave)
    const cancel = () => {
      cancelAge()
      link.session.off('goaway', leave).off('close', leave)
    }
    this.#idle.set(key, [...idle, { ...link, cancel }])
  }

  /** The far side ended a session that waits. */
  #leave(key: string, { session }: Http2Link): void {
    const idle = this.#idle.get(key) ?? []
    idle.find((one) => one.session === session)?.cancel()
    const rest = idle.filter((one) => one.session !== session)
    if (rest.length > 0) this.#idle.set(key, rest)
    else this.#idle.delete(key)
    session.destroy()
  }

  [Symbol.dispose](): void {
    for (const { cancel } of [...this.#idle.values()].flat()) cancel()
    this.#idle.clear()
    for (const socket of this.#sockets) socket.destroy()
  }
}
