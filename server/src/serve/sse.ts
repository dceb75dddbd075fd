/** `GET /events`: the frames of v2 as server-sent events, for networks that block WebSockets and for `curl -N`. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Position } from '@payer-status/protocol'
import type { Names } from '../board/names.ts'
import type { Random } from '../ports.ts'
import type { Place } from './admission.ts'
import { readEventsQuery } from './events-query.ts'
import { retryText } from './framing.ts'
import type { Hub } from './hub.ts'
import { countHandshake, type Refused, refusalAnswer } from './refusal.ts'
import type { Peer } from './settings.ts'
import { resolveFilter, type Subscription } from './subscription.ts'

/** What a stream of events is served from. */
export type EventsDeps = { hub: Hub; names: Names; random: Random }

/** How long an event source waits before it reconnects, ms: at random between the two, so that not all come at once. */
const RETRY_MS = { least: 1_000, most: 5_000 }
/** Longest `Last-Event-ID` that is read. */
const MAX_ID = 96

/**
 * Answers one request with a stream that ends with the client, or with a refusal. Host and Origin were checked
 * before; headers that are set on the response already are sent with it.
 */
export function serveEvents(
  request: IncomingMessage,
  response: ServerResponse,
  { hub, names, random }: EventsDeps,
): void {
  const remote = request.socket.remoteAddress ?? ''
  const entry = judge({ hub, names }, request, remote)
  const status = 'status' in entry ? entry.status : 200
  countHandshake(hub.counters.handshakes, status)
  if ('status' in entry) {
    turnDown(response, entry)
    return
  }
  response.once('close', () => entry.place.release())
  response.writeHead(status, STREAM_HEADERS)
  response.write(retryText(RETRY_MS.least + random() * (RETRY_MS.most - RETRY_MS.least)))
  const session = hub.join(peerOf(response), 'sse', remote)
  response.on('error', () => response.destroy())
  response.on('drain', () => session.drained())
  response.once('close', () => session.gone('other', 'client'))
  hub.subscribe(session, entry.subscription)
}

/** Whether a client may come in, and what it wants. */
function judge(
  { hub, names }: Pick<EventsDeps, 'hub' | 'names'>,
  request: IncomingMessage,
  remote: string,
): { subscription: Subscription; place: Place } | Refused {
  const subscription = subscriptionOf(request, names)
  if ('status' in subscription) return subscription
  const place = hub.admit(remote)
  return 'status' in place ? place : { subscription, place }
}

function turnDown(response: ServerResponse, refused: Refused): void {
  const id = response.getHeader('x-request-id')
  const { status, headers, body } = refusalAnswer(refused, typeof id === 'string' ? id : undefined)
  response.writeHead(status, headers)
  response.end(body)
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Asks proxies that would collect the stream to pass it on; nginx documents it.
  'x-accel-buffering': 'no',
}

function subscriptionOf(request: IncomingMessage, names: Names): Subscription | Refused {
  const query = readEventsQuery(request.url ?? '')
  if ('issues' in query)
    return {
      status: 400,
      code: 'invalid_request',
      message: 'the query is not of the expected form',
      issues: query.issues,
    }
  const resolved = resolveFilter(names, query.filter)
  if ('filter' in resolved) {
    const since = positionIn(request.headers['last-event-id'])
    return { filter: resolved.filter, detail: query.detail, since }
  }
  return {
    status: 400,
    code: 'unknown_name',
    message: 'the filter has names that nothing here has',
    issues: resolved.issues,
  }
}

/** The position in an event's id. What is none counts as a position in another log: the client gets a snapshot. */
function positionIn(id: string | string[] | undefined): Position | undefined {
  if (id === undefined) return undefined
  const [, epoch, rev] = /^([^:]{1,64}):(\d{1,15})$/.exec(String(id).slice(0, MAX_ID)) ?? []
  return epoch === undefined ? { epoch: '', rev: 0 } : { epoch, rev: Number(rev) }
}

/** Codes mean nothing here: the response ends, and the event source comes back by itself. */
function peerOf(response: ServerResponse): Peer {
  response.socket?.setNoDelay(true)
  response.socket?.setTimeout(0) // the hub judges who is stuck; heartbeats may be further apart
  return {
    get writable() {
      return !response.destroyed && !response.writableNeedDrain
    },
    get unsentBytes() {
      return response.writableLength
    },
    write: (framed) => {
      response.write(framed)
    },
    close: () => {
      if (response.writableNeedDrain) response.destroy()
      else response.end()
    },
    terminate: () => {
      response.destroy()
    },
  }
}
