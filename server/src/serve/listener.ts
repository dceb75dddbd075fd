/**
 * What both HTTP listeners have in common: Node's limits, request ids, the guard, headers, CORS, problems.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { Log } from '../ports.ts'
import { limitConnections } from './connection-limit.ts'
import { answerErrors } from './failures.ts'
import type { Guard } from './guard.ts'
import type { HeadCount } from './head-count.ts'
import { ProblemError, problemOf, refusalProblem, sendProblem } from './problem.ts'

/** One answered request, for counting; `route` is the pattern, never the path. */
export type Answered = { route: string; method: string; status: number }

/** What every listener is made from. */
export type ListenerDeps = {
  guard: Guard
  log: Log
  limits: { bodyBytes: number; maxConnections: number; connectionsPerAddress: number }
  /** The connections of all threads, where there are several. */
  connections?: HeadCount | undefined
  allowedOrigins: readonly string[]
  answered?: ((answer: Answered) => void) | undefined
  /** How long a connection may go without a byte; the live ones are judged by the hub instead. */
  patienceMs?: number
}

/** Against slow and oversized requests; OWASP, and Node's own defaults made stricter. */
const NODE_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
  /** Any other upgrade, such as to HTTP/2, is declined by answering the request as it is. Source: RFC 9110 section 7.8. */
  shouldUpgradeCallback: ({ headers }: IncomingMessage) =>
    headers.upgrade?.toLowerCase() === 'websocket',
}
const MAX_HEADERS = 64
/** A client that takes nothing of its answer for this long holds memory for nothing. */
const PATIENCE_MS = 60_000
/** Connections beyond the WebSocket and SSE clients, for REST and the board's files. */
const SPARE_CONNECTIONS = 1_000
const SPARE_PER_ADDRESS = 100
/** Names in paths may be as long as the names in a configuration, percent-encoded. */
const MAX_PARAM_LENGTH = 400

const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/
const COUNTED_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])

/** On every answer unless its route says otherwise: the board needs nothing from elsewhere, and nothing else may frame or sniff it. */
const COMMON_HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  vary: 'Origin',
}

/** A Fastify server that refuses what the guard refuses, and answers every error with a problem. */
export type Listener = ReturnType<typeof makeListener>

/** Makes a listener without routes. */
export function makeListener(deps: ListenerDeps) {
  const app = fastify({
    ...NODE_LIMITS,
    http: NODE_LIMITS,
    bodyLimit: deps.limits.bodyBytes,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    requestIdHeader: false,
    genReqId: ({ headers }) => requestId(headers),
    clientErrorHandler: refuseUnreadable,
    return503OnClosing: false,
    frameworkErrors: (_error, request, reply) => {
      reply.headers({ ...COMMON_HEADERS, 'x-request-id': request.id })
      return sendProblem(reply, new ProblemError('invalid_request', 'the path cannot be read'))
    },
  }).withTypeProvider<ZodTypeProvider>()
  app.server.maxHeadersCount = MAX_HEADERS
  const inAll = deps.limits.maxConnections + SPARE_CONNECTIONS
  app.server.maxConnections = inAll
  limitConnections(app.server, {
    inAll,
    perAddress: deps.limits.connectionsPerAddress + SPARE_PER_ADDRESS,
    connections: deps.connections,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.removeContentTypeParser('text/plain')
  // A connection gets its timer with its first request: a WebSocket has none, so that no write looks for one.
  app.server.on('request', ({ socket }) => socket.setTimeout(deps.patienceMs ?? PATIENCE_MS))
  app.addHook('onRequest', gate(deps))
  app.addHook('onResponse', async (request, reply) => {
    const method = COUNTED_METHODS.has(request.method) ? request.method : 'other'
    deps.answered?.({
      route: request.routeOptions.url ?? 'unmatched',
      method,
      status: reply.statusCode,
    })
  })
  answerErrors(app, deps.log)
  return app
}

/** Headers for every answer; a refusal or a CORS preflight ends here. */
function gate({ guard, allowedOrigins }: ListenerDeps) {
  const origins = new Set(allowedOrigins.map((url) => new URL(url).origin))
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { origin } = request.headers
    reply.headers({ ...COMMON_HEADERS, 'x-request-id': request.id })
    const refusal = guard(request.raw)
    if (refusal) return sendProblem(reply, refusalProblem(refusal))
    if (origin === undefined || !origins.has(origin)) return
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'etag, retry-after, x-request-id',
      'cross-origin-resource-policy': 'cross-origin',
    })
    if (isPreflight(request.raw)) return reply.headers(PREFLIGHT).code(204).send()
  }
}

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
  'access-control-allow-headers': 'authorization, content-type, if-none-match, x-request-id',
  'access-control-max-age': '600',
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

/** The client's own id where it is harmless in logs and headers, else a new one. */
function requestId(headers: IncomingMessage['headers']): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
}

/** Answers what Node's parser could not read: there is no request yet, and so no hook has run. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { problem } = problemOf(unreadable(error.code), randomUUID())
  const body = JSON.stringify(problem)
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

function unreadable(code: string | undefined): ProblemError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new ProblemError('too_large', 'the headers are larger than 16 KB', { status: 431 })
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ProblemError('timeout', 'the request did not arrive in time', { status: 408 })
  return new ProblemError('invalid_request', 'the request is not valid HTTP/1.1')
}
