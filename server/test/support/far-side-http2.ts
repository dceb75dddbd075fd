import { once } from 'node:events'
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import type { FarSide } from './far-side.ts'

/** What a server does with each request. */
export type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void

/** A server that speaks HTTP/2: over TLS with `options`, else over plain connections. */
export async function http2Side(
  onStream: OnStream,
  options?: TlsOptions,
): Promise<FarSide & { hangUp(): void }> {
  const server: Http2Server = options ? createSecureServer(options) : createServer()
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => {})
    onStream(stream, headers)
  })
  server.on('sessionError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const hangUp = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port,
    origin: options ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    get connections() {
      return connections
    },
    get open() {
      return sockets.size
    },
    hangUp,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      hangUp()
      await closed
    },
  }
}
