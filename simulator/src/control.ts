import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { helpPage } from './control-help.ts'
import { type Fault, isWhole, MAX_MS, readFault, wholeReason } from './fault.ts'
import type { Simulator } from './model.ts'
import { readBody } from './read-body.ts'

const MAX_BODY_BYTES = 4 * 1024

/** Only this machine may change the weather, whatever address the payers listen on. */
const HOST = '127.0.0.1'

type Reply = { status: number; body: string | object }

/** The control API: shows what is wrong with whom, and changes it. */
export class Control implements AsyncDisposable {
  readonly #simulator: Simulator
  readonly #server: Server
  #url = ''

  constructor(simulator: Simulator) {
    this.#simulator = simulator
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  get url(): string {
    return this.#url
  }

  /** Opens any free port. */
  async listen(): Promise<void> {
    this.#server.listen({ host: HOST, port: 0 })
    await once(this.#server, 'listening')
    this.#url = `http://${HOST}:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return
    await new Promise((resolve) => {
      this.#server.close(resolve)
      this.#server.closeAllConnections()
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = this.#forbidden(request) ?? (await this.#route(request))
    const isText = typeof body === 'string'
    response.writeHead(status, {
      'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
      'cache-control': 'no-store',
    })
    response.end(isText ? body : `${JSON.stringify(body, null, 2)}\n`)
  }

  /** A page from elsewhere must not reach us through a browser on this machine. */
  #forbidden({ headers }: IncomingMessage): Reply | undefined {
    const { host: own } = new URL(this.#url)
    const known = [own, own.replace(HOST, 'localhost')]
    if (known.includes(headers.host ?? '') && headers.origin === undefined) return undefined
    return refusal(403, `host: expected ${own}, and no Origin`)
  }

  async #route(request: IncomingMessage): Promise<Reply> {
    const path = request.url?.split('?')[0] ?? '/'
    switch (`${request.method} ${path}`) {
      case 'GET /':
        return { status: 200, body: helpPage(this.#simulator) }
      case 'GET /endpoints':
        return { status: 200, body: this.#endpoints() }
      case 'POST /faults':
        return this.#force(request)
      case 'DELETE /faults':
        return this.#clear(undefined)
      default:
        return this.#other(request.method, path)
    }
  }

  #other(method: string | undefined, path: string): Reply | Promise<Reply> {
    const id = path.startsWith('/faults/') ? path.slice('/faults/'.length) : undefined
    if (id !== undefined && method === 'DELETE') return this.#clear(id)
    return id !== undefined || ['/', '/endpoints', '/faults'].includes(path)
      ? refusal(405, 'method: expected GET for / and /endpoints, POST or DELETE for /faults')
      : refusal(404, 'path: expected one of /, /endpoints, /faults')
  }

  #endpoints(): object[] {
    return this.#simulator.payers.flatMap(({ endpoints }) =>
      endpoints.map(({ id, payerName, type, family, url, via }) => ({
        endpoint: id,
        payer: payerName,
        type,
        family,
        via,
        url,
        ...this.#simulator.fault(id),
        ...this.#simulator.requests(id),
      })),
    )
  }

  async #force(request: IncomingMessage): Promise<Reply> {
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      return refusal(415, 'content-type: expected application/json')
    }
    const text = await readBody(request, MAX_BODY_BYTES)
    if (text === undefined) return refusal(413, `body: expected at most ${MAX_BODY_BYTES} bytes`)
    const wish = readWish(text)
    if ('reason' in wish) return refusal(400, wish.reason)
    const { endpoint, fault, ...options } = wish
    return this.#attempt(async () => {
      await this.#simulator.force(endpoint, fault, options)
      return { status: 200, body: { endpoint, ...this.#simulator.fault(endpoint) } }
    })
  }

  #clear(id: string | undefined): Promise<Reply> {
    return this.#attempt(async () => {
      await this.#simulator.clear(id)
      return { status: 200, body: { cleared: id ?? 'all' } }
    })
  }

  /** What the simulator refuses is the asker's mistake; its messages quote nothing. */
  async #attempt(act: () => Promise<Reply>): Promise<Reply> {
    try {
      return await act()
    } catch (error) {
      if (error instanceof RangeError) return refusal(400, error.message)
      throw error
    }
  }
}

function refusal(status: number, error: string): Reply {
  return { status, body: { error } }
}

type Wish = { endpoint: string; fault: Fault; forMs?: number }

const KEYS = ['endpoint', 'fault', 'ms', 'status', 'code', 'forMs']

function readWish(text: string): Wish | { reason: string } {
  const wish = readObject(text)
  if (wish === undefined) return { reason: 'body: expected a JSON object' }
  if (Object.keys(wish).some((key) => !KEYS.includes(key))) {
    return { reason: `body: expected no keys but ${KEYS.join(', ')}` }
  }
  const { endpoint, fault: kind, ms, status, code, forMs } = wish
  if (typeof endpoint !== 'string') return { reason: 'endpoint: expected "payer/name"' }
  if (forMs !== undefined && !isWhole(forMs, 1, MAX_MS)) {
    return { reason: wholeReason('forMs', 1, MAX_MS) }
  }
  const fault = readFault({ kind, ms, status, code })
  if ('reason' in fault) return fault
  return { endpoint, fault, ...(forMs !== undefined && { forMs }) }
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { ...value } : undefined
  } catch {
    return undefined
  }
}
