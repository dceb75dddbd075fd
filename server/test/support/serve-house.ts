import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import WebSocket from 'ws'
import { Names } from '../../src/board/names.ts'
import { type Clock, systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { CanaryPass } from '../../src/serve/canary-pass.ts'
import { Hub } from '../../src/serve/hub.ts'
import type { HubSettings } from '../../src/serve/settings.ts'
import { serveEvents } from '../../src/serve/sse.ts'
import { acceptSockets } from '../../src/serve/ws.ts'
import type { Seen } from './fake-socket.ts'
import { aBook } from './hub-house.ts'
import { HUB_SETTINGS } from './hub-settings.ts'
import type { LogBook } from './records.ts'

type Refusal = { status: number; message: string }
type ServeParts = {
  settings?: Partial<HubSettings>
  book?: LogBook
  guard?: (request: IncomingMessage) => Refusal | undefined
  clock?: Clock
  canary?: CanaryPass
}

/** A real server on a free port of loopback, with `/ws` and `/events` in front of a hub, on the real clock unless given another. */
export async function aServer({
  settings = {},
  book = aBook(),
  guard = () => undefined,
  clock = systemClock,
  canary,
}: ServeParts = {}) {
  const names = new Names(book.board)
  const random = () => 0.5
  const all = { ...HUB_SETTINGS, tick: 5, ...settings }
  const common = { clock, log: silentLog }
  const hub = new Hub({ board: book.board, names, random, settings: all, ...common })
  const server = createServer((request, response) =>
    serveEvents(request, response, { hub, names, random }),
  )
  const sockets = acceptSockets(server, { hub, guard, limits: all, canary, ...common })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    hub,
    book,
    port,
    changed: () => hub.changed(),
    client: (...protocols: string[]) => new TestClient(`ws://127.0.0.1:${port}/ws`, protocols),
    raw: () => connect(port, '127.0.0.1'),
    async [Symbol.asyncDispose]() {
      await hub[Symbol.asyncDispose]()
      await sockets[Symbol.asyncDispose]()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

/** A `ws` client that keeps what it hears until it is asked for. */
export class TestClient {
  readonly ws: WebSocket
  readonly #seen: Seen[] = []
  #wake: () => void = () => {}

  constructor(url: string, protocols: string[] = ['payer-status-v2']) {
    this.ws = new WebSocket(url, protocols)
    this.ws.on('error', () => {})
    this.ws.on('message', (data) => {
      this.#seen.push(JSON.parse(String(data)))
      this.#wake()
    })
  }

  async opened(): Promise<this> {
    await once(this.ws, 'open')
    return this
  }

  say(frame: unknown): void {
    this.ws.send(JSON.stringify(frame))
  }

  /** The next frame, as soon as it comes. */
  async next(): Promise<Seen> {
    for (;;) {
      const frame = this.#seen.shift()
      if (frame) return frame
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** The next frame of a type; those before it are passed over. */
  async nextOf(type: string): Promise<Seen> {
    for (;;) {
      const frame = await this.next()
      if (frame.type === type) return frame
    }
  }

  /** The code that the connection is closed with. */
  async closed(): Promise<number> {
    if (this.ws.readyState === WebSocket.CLOSED) return 1006
    const [code] = await once(this.ws, 'close')
    return code as number
  }

  /** The status with which the handshake was refused. */
  async refused(): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
    const [, response] = (await once(this.ws, 'unexpected-response')) as [object, IncomingMessage]
    const body = Buffer.concat(await response.toArray()).toString()
    return { status: response.statusCode ?? 0, headers: response.headers, body }
  }
}

/** The request of a valid handshake as text; headers may be replaced, or left out by an empty value. */
export function handshakeText(
  headers: Record<string, string> = {},
  line = 'GET /ws HTTP/1.1',
): string {
  const all: Record<string, string> = {
    Host: '127.0.0.1',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': 'payer-status-v2',
    ...headers,
  }
  const lines = Object.entries(all).filter(([, value]) => value !== '')
  return `${line}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}

/** Everything that a socket is sent until the far side ends it. */
export async function untilEnd(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => {})
  await once(socket, 'close')
  return Buffer.concat(chunks)
}
