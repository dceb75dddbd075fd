/** How an answer leaves, or does not: most faults are the answer's, some are the connection's. */
import type { ServerResponse } from 'node:http'
import { type Answer, type Ask, type Family, html, json } from './answer.ts'
import type { EndpointPlan, FamilyName } from './catalog.ts'
import { type Clock, pause } from './clock.ts'
import type { Fault, FaultKind } from './fault.ts'
import { fhir } from './fhir.ts'
import { jsonApi } from './json-api.ts'
import type { SimulatedEndpoint } from './model.ts'
import { botWall, maintenancePage, portal } from './portal.ts'
import { generator } from './random.ts'
import { x12 } from './x12.ts'

/** The families by name. */
export const FAMILIES: Record<FamilyName, Family> = { portal, jsonApi, fhir, x12 }

/** One request on its way to an answer. */
export type Exchange = {
  endpoint: SimulatedEndpoint
  ask: Ask
  response: ServerResponse
  clock: Clock
  /** Aborts when the client has gone. */
  gone: AbortSignal
}

/** Answers with this fault, after `latencyMs`. */
export async function perform(exchange: Exchange, fault: Fault, latencyMs: number): Promise<void> {
  const { clock, gone } = exchange
  await pause(clock, latencyMs + (fault.kind === 'slow' ? fault.ms : 0), gone)
  if (gone.aborted) return
  const act = ACTS[fault.kind]
  if (act === undefined) send(exchange, answerWith(exchange, fault))
  else await act(exchange, fault)
}

/** The answer that goes with a fault; for a fault of the connection, the right one. */
function answerWith({ endpoint, ask }: Exchange, fault: Fault): Answer {
  const family = FAMILIES[endpoint.family]
  switch (fault.kind) {
    case 'status':
      return family.failing(endpoint, fault.status)
    case 'unauthorized':
      return family.failing(endpoint, 401)
    case 'unavailable':
      return family.unavailable(endpoint, ask, fault.code)
    case 'rejected':
      return family.rejected(endpoint, ask)
    case 'blocked':
      return botWall()
    case 'maintenance_200':
      return maintenancePage(endpoint, 200)
    case 'maintenance_503':
      return maintenancePage(endpoint, 503)
    case 'wrong_type':
      return wrongType(endpoint)
    case 'redirect_loop':
      return redirect(endpoint.url)
    case 'redirect_http':
      return ask.query === 'moved'
        ? family.healthy(endpoint, ask)
        : redirect(`${endpoint.url}?moved`)
    case 'garbage':
      return garbage(family.healthy(endpoint, ask))
    default:
      return family.healthy(endpoint, ask)
  }
}

function wrongType({ family }: EndpointPlan): Answer {
  return family === 'portal'
    ? json(200, { hello: 'world' })
    : html(200, 'Welcome', '<h1>Welcome</h1>\n<p>Nothing to see here.</p>')
}

/** 307, so that a POST stays one. */
function redirect(location: string): Answer {
  return { status: 307, headers: { location }, body: '' }
}

function garbage(answer: Answer): Answer {
  const random = generator('garbage')
  return { ...answer, body: Uint8Array.from({ length: 2_048 }, () => random() * 256) }
}

function send({ response }: Exchange, answer: Answer): void {
  const size = Buffer.byteLength(answer.body)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': size })
  response.end(answer.body)
}

type Act = (exchange: Exchange, fault: Fault) => void | Promise<void>

/** What faults of the connection do instead of sending an answer. */
const ACTS: Partial<Record<FaultKind, Act>> = {
  hang: () => {},
  refuse: reset,
  reset,
  drip,
  truncate,
  big_body: bigBody,
  malformed,
}

function reset({ response }: Exchange): void {
  response.socket?.resetAndDestroy()
}

async function drip(exchange: Exchange, fault: Fault): Promise<void> {
  const { response, clock, gone } = exchange
  const answer = answerWith(exchange, fault)
  const body = Buffer.from(answer.body)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
  for (const byte of body) {
    if (gone.aborted) return
    response.write(Uint8Array.of(byte))
    await pause(clock, fault.kind === 'drip' ? fault.ms : 0, gone)
  }
  response.end()
}

/** Promises the whole body, sends half of it and closes the connection. */
function truncate(exchange: Exchange, fault: Fault): void {
  const { response } = exchange
  const answer = answerWith(exchange, fault)
  const body = Buffer.from(answer.body)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
  response.write(body.subarray(0, body.length / 2), () => response.socket?.end())
}

const CHUNK = Buffer.alloc(64 * 1024, 'payer ')
const BIG_BODY_BYTES = 8 * 1024 * 1024

async function bigBody({ response, gone }: Exchange): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': BIG_BODY_BYTES })
  for (let sent = 0; sent < BIG_BODY_BYTES && !gone.aborted; sent += CHUNK.length) {
    if (!response.write(CHUNK)) await drained(response, gone)
  }
  response.end()
}

function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve)
    gone.addEventListener('abort', () => resolve(), { once: true })
  })
}

function malformed({ response }: Exchange): void {
  response.socket?.end('HTTP/1.1 twohundred FINE\r\nContent-Length: none\r\n\r\n')
}
