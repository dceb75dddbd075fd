/** Whether an upgrade request is a WebSocket handshake that we take, and in which subprotocol: RFC 6455 section 4.2. */
import type { IncomingMessage } from 'node:http'
import { SUBPROTOCOLS, type Subprotocol } from '@payer-status/protocol'
import type { Refused } from './refusal.ts'

/** The one path that upgrades. */
const SOCKET_PATH = '/ws'

const KEY = /^[+/0-9A-Za-z]{22}==$/
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const MAX_OFFERED = 16

/** Reads the handshake, or says why it is refused. `head` is what came after the request. */
export function readHandshake(
  request: IncomingMessage,
  head: Buffer,
): { subprotocol: Subprotocol; isNamed: boolean } | Refused {
  const { method, headers } = request
  if (pathOf(request) !== SOCKET_PATH)
    return refused(404, 'not_found', `expected the path ${SOCKET_PATH}`)
  if (method !== 'GET')
    return { ...refused(405, 'method_not_allowed', 'expected GET'), headers: { allow: 'GET' } }
  if (request.httpVersion !== '1.1') return refused(400, 'invalid_request', 'expected HTTP/1.1')
  if (headers.upgrade?.toLowerCase() !== 'websocket')
    return refused(400, 'invalid_request', 'expected an upgrade to websocket')
  if (headers['sec-websocket-version'] !== '13')
    return {
      ...refused(426, 'upgrade_required', 'expected WebSocket version 13'),
      headers: { upgrade: 'websocket', 'sec-websocket-version': '13' },
    }
  if (!KEY.test(headers['sec-websocket-key'] ?? ''))
    return refused(400, 'invalid_request', 'expected a Sec-WebSocket-Key of 16 bytes in base64')
  if (hasBody(headers)) return refused(400, 'invalid_request', 'expected a request without a body')
  if (head.length > 0)
    return refused(400, 'invalid_request', 'expected no data before the end of the handshake')
  return subprotocolOf(headers['sec-websocket-protocol'])
}

/** Our preference decides, not the order of the offer. A client that offers none speaks v1. */
export function subprotocolOf(
  header: string | undefined,
): { subprotocol: Subprotocol; isNamed: boolean } | Refused {
  if (header === undefined) return { subprotocol: 'payer-status-v1', isNamed: false }
  const offered = header.split(',').map((name) => name.trim())
  const known = SUBPROTOCOLS.find((name) => offered.includes(name))
  const isSound = offered.length <= MAX_OFFERED && offered.every((name) => TOKEN.test(name))
  if (known !== undefined && isSound && new Set(offered).size === offered.length)
    return { subprotocol: known, isNamed: true }
  return refused(400, 'invalid_request', `expected a subprotocol of: ${SUBPROTOCOLS.join(', ')}`)
}

function hasBody({ 'content-length': length = '0', ...headers }: IncomingMessage['headers']) {
  return length !== '0' || headers['transfer-encoding'] !== undefined
}

/** The path without its query, also of an absolute URI (RFC 6455 section 4.1); never shown, since it is the client's. */
function pathOf({ url = '' }: IncomingMessage): string {
  const [target = ''] = url.split('?', 1)
  return target.startsWith('/') ? target : target.replace(/^(?:http|ws)s?:\/\/[^/]*/i, '')
}

function refused(status: number, code: string, message: string): Refused {
  return { status, code, message }
}
