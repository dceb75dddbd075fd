/**
 * Servers on loopback that behave as badly as a test needs.
 */
import { once } from 'node:events'
import {
  createServer as createHttp,
  type Server as HttpServer,
  type RequestListener,
} from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTls, type TlsOptions } from 'node:tls'

/** A server that runs until it is disposed. */
export type FarSide = AsyncDisposable & {
  port: number
  /** Its address, without a path: `http://127.0.0.1:1234` or `https://localhost:1234`. */
  origin: string
  /** How many connections were ever made. */
  readonly connections: number
  /** How many of them are open. */
  readonly open: number
}

/** A server that does with each connection whatever `onConnection` says. */
export function rawSide(onConnection: (socket: Socket) => void): Promise<FarSide> {
  return listening(createServer(onConnection), 'http://127.0.0.1')
}

/** A server that answers the first bytes of each connection with `answer`, and then, if asked to, hangs up. */
export function sayingSide(answer: string | Uint8Array, { end = true } = {}): Promise<FarSide> {
  return rawSide((socket) => {
    socket.once('data', () => {
      socket.write(answer)
      if (end) socket.end()
    })
  })
}

/** A well-behaved HTTP server. */
export function httpSide(onRequest: RequestListener): Promise<FarSide> {
  return listening(createHttp(onRequest), 'http://127.0.0.1')
}

/** A well-behaved HTTPS server. */
export function httpsSide(options: TlsOptions, onRequest: RequestListener): Promise<FarSide> {
  return listening(createHttps(options, onRequest), 'https://localhost')
}

/** A TLS server that does with each connection whatever `onConnection` says. */
export function tlsSide(
  options: TlsOptions,
  onConnection: (socket: Socket) => void,
): Promise<FarSide> {
  return listening(createTls(options, onConnection), 'https://localhost')
}

async function listening(server: Server | HttpServer, base: string): Promise<FarSide> {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('secureConnection', (socket: Socket) => socket.on('error', () => {}))
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `${base}:${port}`,
    get connections() {
      return connections
    },
    get open() {
      return sockets.size
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** A port of loopback that nobody listens on. */
export async function closedPort(): Promise<number> {
  await using side = await rawSide(() => {})
  return side.port
}

/** Resolves once `condition` holds, looking again each time the event loop comes round; fails after five seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5_000
  while (!condition()) {
    if (performance.now() > end) throw new Error(`never came true: ${condition}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
