import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from './clock.ts'
import { perform } from './exchange.ts'
import type { Listener } from './listener.ts'
import type { RequestCounts, SimulatedEndpoint } from './model.ts'
import { readBody } from './read-body.ts'
import type { Weather } from './weather.ts'

/** Most that is read of a request. */
const MAX_REQUEST_BYTES = 64 * 1024

/** An endpoint, the port it lives behind, and how often it was asked. */
export type Station = { endpoint: SimulatedEndpoint; listener: Listener; counts: RequestCounts }

/** What answering needs to know. `stationAt`: who lives under an id behind the port that was asked. */
export type StationDeps = {
  clock: Clock
  weather: Weather
  stationAt: (id: string) => Station | undefined
}

/** Finds whom a request is for, and lets them answer as the weather is. */
export async function answerRequest(
  { clock, weather, stationAt }: StationDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { id, path, query } = target(request.url ?? '/')
  const station = stationAt(id)
  if (station === undefined) return refuse(response, 404, 'nobody lives here')
  const { endpoint, counts } = station
  counts.received++
  response.once('finish', () => counts.answered++)
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const body = await readBody(request, MAX_REQUEST_BYTES)
  if (body === undefined) return refuse(response, 413, 'the request is too large')
  const { fault, latencyMs } = weather.scene(endpoint)
  const ask = { method: request.method ?? 'GET', path, query, body, at: clock.now() }
  await perform({ endpoint, ask, response, clock, gone: gone.signal }, fault, latencyMs)
}

/** Every path begins with the endpoint's id: payer and name. */
function target(url: string): { id: string; path: string; query: string } {
  const [whole = '', query = ''] = url.split('?')
  const [, payer = '', name = '', ...rest] = whole.split('/')
  return { id: `${payer}/${name}`, path: rest.map((part) => `/${part}`).join(''), query }
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(`${reason}\n`)
}
