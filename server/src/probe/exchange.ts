/**
 * One request and its answer over one connection: checked address, measured steps, each within its bound.
 */
import type { LookupAddress } from 'node:dns'
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction, type Socket } from 'node:net'
import type { Endpoint } from '../config/config.ts'
import { checkAddresses } from './addresses.ts'
import type { Connections } from './connections.ts'
import type { DnsCache } from './dns.ts'
import { late, ProbeError, toProbeError } from './failure.ts'
import { type Hop, headersOf, socketHost, verification } from './hop.ts'
import { http2Request } from './http2-request.ts'
import { tlsFacts } from './tls-facts.ts'
import type { Trace } from './trace.ts'

/** Most bytes of headers. */
const MAX_HEADER_BYTES = 16 * 1024
/** Longest attempt at one address while the host has others, ms. */
const ADDRESS_ATTEMPT_MS = 1_000

/** What came back. `body` is at most the endpoint's `maxBody`. */
export type Answer = {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
  truncated: boolean
}

/** What all exchanges share. */
export type Line = { connections: Connections; dns: DnsCache; userAgent: string }

/** Who asks, and how. `fresh` takes nothing remembered; `alone` takes no connection that others used. */
export type Asking = {
  endpoint: Pick<Endpoint, 'network' | 'timeouts' | 'maxBody'>
  signal: AbortSignal
  fresh: boolean
  alone: boolean
  trace: Trace
}

/** Sends one request and reads its answer. Lives as long as that takes. */
export class Exchange {
  readonly #line: Line
  readonly #hop: Hop
  readonly #asking: Asking
  #request: ClientRequest | undefined
  /** Why we ended it ourselves; what the socket says after that is an echo. */
  #ended: unknown
  /** What broke first on the way; the answer itself only tells that it was cut. */
  #broken: unknown
  #bytesBefore = 0

  constructor(line: Line, hop: Hop, asking: Asking) {
    this.#line = line
    this.#hop = hop
    this.#asking = asking
  }

  /** @throws {ProbeError} when no whole answer came; the signal's reason when it was aborted but for being late */
  async run(): Promise<Answer> {
    const { signal, trace } = this.#asking
    const stop = () => this.#end(this.#abortReason())
    if (signal.aborted) throw this.#abortReason()
    signal.addEventListener('abort', stop, { once: true })
    try {
      return await this.#read(await this.#answer())
    } catch (error) {
      const failure = this.#ended ?? toProbeError(this.#broken ?? error, trace)
      trace.stale = this.#isStale(failure)
      this.#request?.destroy()
      throw failure
    } finally {
      signal.removeEventListener('abort', stop)
      trace.end()
    }
  }

  #abortReason(): unknown {
    const { signal, endpoint, trace } = this.#asking
    const { reason } = signal
    const isLate = reason instanceof DOMException && reason.name === 'TimeoutError'
    return isLate ? late(trace.step ?? 'connect', endpoint.timeouts.total) : reason
  }

  #end(reason: unknown): void {
    this.#ended ??= reason
    if (this.#request?.socket) this.#request.destroy()
    // Without a socket yet, `follow` does it: Node would hand the connection in the making to the next request.
  }

  #isStale(failure: unknown): boolean {
    const { trace } = this.#asking
    const isReset = failure instanceof ProbeError && failure.code === 'connect.reset'
    return isReset && trace.reused && this.#request?.socket?.bytesRead === this.#bytesBefore
  }

  #enter(step: 'connect' | 'tls' | 'firstByte'): void {
    const ms = this.#asking.endpoint.timeouts[step]
    this.#asking.trace.enter(step, { ms, tooLate: (failure) => this.#end(failure) })
  }

  #answer(): Promise<IncomingMessage> {
    const request = this.#open()
    this.#request = request
    return new Promise((resolve, reject) => {
      request.on('error', (error) => {
        this.#broken ??= error
        reject(error)
      })
      request.once('close', () => reject(new ProbeError('connect.reset')))
      request.once('upgrade', (_, socket) => {
        socket.destroy()
        reject(new ProbeError('http.protocol'))
      })
      request.once('socket', (socket) => this.#follow(socket, request))
      request.once('response', resolve)
      request.end(this.#hop.body)
    })
  }

  #open(): ClientRequest {
    const { url, method, tls, http2 } = this.#hop
    const { endpoint, alone } = this.#asking
    const secure = url.protocol === 'https:'
    const host = socketHost(url)
    if (isIP(host) !== 0) checkAddresses(endpoint.network, [host])
    const headers = headersOf(this.#hop, this.#line.userAgent)
    const connection = {
      host,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
      lookup: this.#lookup,
    }
    if (http2) {
      const { network } = endpoint
      const asked = { hop: this.#hop, headers, connection, network, alone }
      return http2Request(this.#line.connections, asked)
    }
    const options = {
      ...connection,
      port: url.port,
      agent: this.#line.connections.agent({ secure, network: endpoint.network, alone, tls }),
      path: url.pathname + url.search,
      method,
      headers,
      maxHeaderSize: MAX_HEADER_BYTES,
    }
    try {
      return secure ? httpsRequest({ ...options, ...verification(url, tls) }) : httpRequest(options)
    } catch (error) {
      throw new ProbeError('probe.misconfigured', { cause: error }) // such as a line break in a header
    }
  }

  /** Called by the socket, for names only: either for one address or, to try several, for all. */
  readonly #lookup: LookupFunction = (hostname, { all }, callback) => {
    this.#resolve(hostname).then(
      ([first, ...others]) => {
        if (all) callback(null, [first, ...others])
        else callback(null, first.address, first.family)
      },
      (error) => callback(error, []),
    )
  }

  async #resolve(hostname: string): Promise<[LookupAddress, ...LookupAddress[]]> {
    const { endpoint, fresh, trace } = this.#asking
    trace.enter('dns')
    const how = { timeout: endpoint.timeouts.dns, fresh }
    const { addresses, cached } = await this.#line.dns.addresses(hostname, how)
    if (cached) trace.skip()
    const [first, ...others] = addresses
    if (first === undefined) throw new ProbeError('dns.nxdomain')
    const all = addresses.map(({ address }) => address)
    checkAddresses(endpoint.network, all)
    this.#enter('connect')
    return [first, ...others]
  }

  #follow(socket: Socket, request: ClientRequest): void {
    const { trace } = this.#asking
    if (this.#ended !== undefined) {
      request.destroy()
      return
    }
    this.#bytesBefore = socket.bytesRead
    if (request.reusedSocket) {
      trace.reused = true
      trace.progress = 'connected'
      trace.tls = tlsFacts(socket, this.#hop.tls)
      this.#enter('firstByte')
      return
    }
    if (trace.step === undefined) this.#enter('connect')
    socket.prependOnceListener('connect', () => this.#connected(socket))
    // Before verification: a certificate that is refused is reported too.
    socket.prependOnceListener('secure', () => {
      trace.tls = tlsFacts(socket, this.#hop.tls)
    })
    socket.prependOnceListener('secureConnect', () => {
      trace.tls = tlsFacts(socket, this.#hop.tls)
      this.#enter('firstByte')
    })
  }

  /** Before anything is sent, the address is looked at once more: the one we reached, whatever was resolved. */
  #connected(socket: Socket): void {
    const { endpoint, trace } = this.#asking
    trace.progress = 'connected'
    try {
      checkAddresses(endpoint.network, [socket.remoteAddress ?? ''])
      this.#enter(this.#hop.url.protocol === 'https:' ? 'tls' : 'firstByte')
    } catch (error) {
      this.#end(error)
    }
  }

  async #read(response: IncomingMessage): Promise<Answer> {
    const { endpoint, trace } = this.#asking
    const { statusCode: status = 0, headers, httpVersion } = response
    if (status < 200) throw new ProbeError('http.protocol') // 101, though nothing else was asked for
    trace.progress = 'answered'
    trace.status = status
    trace.httpVersion = httpVersion
    trace.enter('transfer')
    const chunks: Buffer[] = []
    for await (const chunk of response as AsyncIterable<Buffer>) {
      const room = endpoint.maxBody - trace.bytes
      chunks.push(chunk.subarray(0, room))
      trace.bytes += Math.min(chunk.length, room)
      trace.truncated = chunk.length > room
      if (trace.truncated) break // which closes the connection
    }
    return { status, headers, body: Buffer.concat(chunks), truncated: trace.truncated }
  }
}
