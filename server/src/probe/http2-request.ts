/** A request by HTTP/2 that looks like one of `node:http`. Source: RFC 9113. */
import { EventEmitter } from 'node:events'
import type { ClientRequest, OutgoingHttpHeaders } from 'node:http'
import {
  type ClientHttp2Stream,
  constants,
  type OutgoingHttpHeaders as Headers,
  type IncomingHttpHeaders,
} from 'node:http2'
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net'
import { connect as connectTls, TLSSocket } from 'node:tls'
import type { Network } from '../config/schema.ts'
import type { Connections } from './connections.ts'
import { ProbeError } from './failure.ts'
import { type Hop, verification } from './hop.ts'
import { type Http2Link, type Http2Sessions, MAX_HEADER_BYTES } from './http2-sessions.ts'

/** What is asked, and how it gets there. `alone` takes no connection that others used, and leaves none. */
export type Http2Asked = {
  hop: Hop
  headers: OutgoingHttpHeaders
  connection: Omit<TcpNetConnectOpts, 'port'>
  network: Network
  alone: boolean
}

/** Opens a request. */
export function http2Request(connections: Connections, asked: Http2Asked): ClientRequest {
  const request: unknown = new Http2Request(connections, asked)
  return request as ClientRequest // safe: it has the events and members that an exchange uses
}

class Http2Request extends EventEmitter {
  readonly #connections: Connections
  readonly #asked: Http2Asked
  #link: Http2Link | undefined
  #destroyed = false
  socket: Socket | undefined
  reusedSocket = false

  constructor(connections: Connections, asked: Http2Asked) {
    super()
    this.#connections = connections
    this.#asked = asked
  }

  end(body: string | undefined): void {
    const kept = this.#asked.alone ? undefined : this.#sessions.take(this.#key)
    if (kept === undefined) this.#connect(body)
    else {
      this.reusedSocket = true
      this.socket = kept.socket
      this.emit('socket', kept.socket)
      this.#send(kept, body)
    }
  }

  destroy(): void {
    this.#destroyed = true
    this.#link?.session.destroy()
    this.socket?.destroy()
  }

  get #sessions(): Http2Sessions {
    return this.#connections.http2
  }

  /** Names connections that may stand for each other. */
  get #key(): string {
    const { network, hop } = this.#asked
    const { id, serverName, skipVerify } = hop.tls ?? {}
    return [network, hop.url.origin, id, serverName, skipVerify].join(' ')
  }

  #connect(body: string | undefined): void {
    const { url, tls } = this.#asked.hop
    const isSecure = url.protocol === 'https:'
    const port = Number(url.port) || (isSecure ? 443 : 80)
    const connection = { ...this.#asked.connection, port }
    const security = { secureContext: this.#connections.context(tls), ...verification(url, tls) }
    const socket = isSecure
      ? connectTls({ ...connection, ...security, ALPNProtocols: ['h2'] })
      : connect(connection)
    this.socket = socket
    this.#sessions.add(socket)
    socket.on('error', (error) => this.#fail(error))
    socket.once('close', () => this.emit('close'))
    socket.once(isSecure ? 'secureConnect' : 'connect', () => this.#begin(socket, body))
    this.emit('socket', socket)
  }

  #begin(socket: Socket, body: string | undefined): void {
    if (socket.destroyed) return // what was found out about it while it was made ended it
    if (socket instanceof TLSSocket && socket.alpnProtocol !== 'h2')
      this.#fail(new ProbeError('http.no_h2'))
    else this.#send(this.#sessions.begin(this.#asked.hop.url.origin, socket), body)
  }

  #send(link: Http2Link, body: string | undefined): void {
    this.#link = link
    if (this.#destroyed) {
      this.destroy()
      return
    }
    try {
      const stream = link.session.request(this.#headers(), { endStream: body === undefined })
      this.#follow(stream, link)
      if (body !== undefined) stream.end(body)
    } catch (error) {
      const isClosed = link.session.closed || link.session.destroyed
      this.#fail(
        new ProbeError(isClosed ? 'connect.reset' : 'probe.misconfigured', { cause: error }),
      )
    }
  }

  #headers(): Headers {
    const { hop, headers } = this.#asked
    const { url, method } = hop
    const { host, ...others } = headers
    return {
      [constants.HTTP2_HEADER_METHOD]: method,
      [constants.HTTP2_HEADER_SCHEME]: url.protocol.slice(0, -1),
      [constants.HTTP2_HEADER_AUTHORITY]: String(host ?? url.host),
      [constants.HTTP2_HEADER_PATH]: url.pathname + url.search,
      ...others,
    }
  }

  #follow(stream: ClientHttp2Stream, link: Http2Link): void {
    stream.once('response', (headers) => {
      if (sizeOf(headers) > MAX_HEADER_BYTES) this.#fail(new ProbeError('http.headers_too_large'))
      else this.emit('response', answerIn(stream, headers))
    })
    stream.on('error', (error) => this.#fail(tooManyHeaders(stream) ?? error))
    // Not later: who asks again as soon as the answer has ended finds the connection.
    stream.once('end', () => this.#release(stream, link))
    stream.once('close', () => {
      this.emit('close')
      this.#release(stream, link)
    })
  }

  /** A stream that was reset tells of a session that is not what it should be, or of an answer that goes on. */
  #release({ rstCode, writableFinished }: ClientHttp2Stream, link: Http2Link): void {
    if (this.#link === undefined) return
    this.#link = undefined
    const isWhole = rstCode === constants.NGHTTP2_NO_ERROR && writableFinished
    if (!isWhole || this.#destroyed) link.session.destroy()
    else if (this.#asked.alone) link.session.close()
    else this.#sessions.put(this.#key, link)
  }

  #fail(error: unknown): void {
    if (this.listenerCount('error') > 0) this.emit('error', error)
  }
}

/** What an exchange reads of an answer. Node ends a stream that was reset as if it were whole. */
function answerIn(stream: ClientHttp2Stream, headers: IncomingHttpHeaders): object {
  const { [constants.HTTP2_HEADER_STATUS]: statusCode, ...rest } = headers
  async function* body() {
    yield* stream
    if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) throw new ProbeError('http.truncated')
  }
  const answer = { statusCode: Number(statusCode), headers: rest, httpVersion: '2.0' }
  return { ...answer, [Symbol.asyncIterator]: body }
}

/** As the lines of HTTP/1.1 would be long. */
function sizeOf(headers: IncomingHttpHeaders): number {
  return Object.entries(headers)
    .flatMap(([name, value]) =>
      [value ?? ''].flat().map((one) => name.length + String(one).length + 4),
    )
    .reduce((sum, bytes) => sum + bytes, 0)
}

/** Node resets a stream so when its headers exceed the bound. */
function tooManyHeaders({ rstCode }: ClientHttp2Stream): ProbeError | undefined {
  if (rstCode !== constants.NGHTTP2_ENHANCE_YOUR_CALM) return undefined
  return new ProbeError('http.headers_too_large')
}
