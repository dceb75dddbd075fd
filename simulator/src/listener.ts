import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, pause } from './clock.ts'

/** Longer than any interval of a demo, so that a kept connection is closed by the client and not under its request. */
const KEEP_ALIVE_MS = 65_000

/** Between two tries to open a port again that somebody else holds at the moment. */
const RETRY_MS = 50

/** A port that can really close, and open again under the same number. */
export class Listener implements AsyncDisposable {
  readonly #server: Server
  readonly #clock: Clock
  readonly #host: string
  readonly #disposed = new AbortController()
  #port = 0
  #wanted = true
  #work: Promise<void> = Promise.resolve()

  constructor(deps: { host: string; clock: Clock; onRequest: RequestListener }) {
    this.#host = deps.host
    this.#clock = deps.clock
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, deps.onRequest)
  }

  get port(): number {
    return this.#port
  }

  /** Opens any free port. */
  async listen(): Promise<void> {
    await this.#open()
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Opens or closes the port. Closing cuts every connection. */
  set(open: boolean): void {
    if (this.#wanted === open) return
    this.#wanted = open
    this.#work = this.#work.then(() => this.#reach())
  }

  /** Resolves when the port is as it was last set. */
  settled(): Promise<void> {
    return this.#work
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort()
    this.set(false)
    await this.#work
  }

  async #reach(): Promise<void> {
    while (this.#wanted !== this.#server.listening) {
      if (!this.#wanted) await this.#close()
      else if (this.#disposed.signal.aborted) return
      else await this.#open().catch(() => pause(this.#clock, RETRY_MS, this.#disposed.signal))
    }
  }

  async #open(): Promise<void> {
    this.#server.listen({ host: this.#host, port: this.#port })
    await once(this.#server, 'listening')
  }

  #close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }
}
