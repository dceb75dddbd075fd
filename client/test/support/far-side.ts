import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { type WebSocket, WebSocketServer } from 'ws'
import { Journal } from './journal.ts'
import { hello } from './records.ts'

type Json = Record<string, unknown>

/** One client as the server sees it. */
export class Peer {
  readonly received = new Journal<Json>()
  readonly closed: Promise<number>
  readonly #socket: WebSocket

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data) => this.received.add(JSON.parse(String(data))))
    this.closed = once(socket, 'close').then(([code]) => Number(code))
  }

  /** Sends frames, or raw text as it is. */
  send(...frames: (object | string)[]): void {
    for (const frame of frames) {
      this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
    }
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes)
  }

  close(code: number, reason = ''): void {
    this.#socket.close(code, reason)
  }

  /** Cuts the connection as a broken network does. */
  cut(): void {
    this.#socket.terminate()
  }

  /** Greets, and waits for the subscription. */
  async greet(over: Parameters<typeof hello>[0] = {}): Promise<Json> {
    this.send(hello(over))
    return this.received.next(({ type }) => type === 'subscribe')
  }
}

/** A server that does what the test says. */
export class FarSide {
  readonly peers = new Journal<Peer>()
  readonly url: string

  private constructor(server: WebSocketServer) {
    server.on('connection', (socket) => this.peers.add(new Peer(socket)))
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`
  }

  /** Listens on a free port until the test ends. */
  static async start(t: TestContext, protocol = 'payer-status-v2'): Promise<FarSide> {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      handleProtocols: () => protocol || false,
    })
    await once(server, 'listening')
    t.after(() => {
      for (const socket of server.clients) socket.terminate()
      server.close()
    })
    return new FarSide(server)
  }

  next(): Promise<Peer> {
    return this.peers.next()
  }
}
