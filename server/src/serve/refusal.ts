/**
 * Saying no before a connection is made: RFC 9457 problem details, on a plain response or on a bare socket.
 */
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'

/** Why a client is not let in. The message is shown to it and never quotes what it sent. */
export type Refused = {
  status: number
  code: string
  message: string
  issues?: readonly string[]
  retryAfterMs?: number
  headers?: Readonly<Record<string, string>>
}

/** The answer that a refusal is sent as. */
export function refusalAnswer(
  { status, code, message, issues = [], retryAfterMs, headers }: Refused,
  requestId?: string,
): { status: number; headers: Record<string, string>; body: string } {
  const body = JSON.stringify({
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    code,
    detail: message,
    ...(requestId !== undefined && { requestId }),
    ...(issues.length > 0 && { issues }),
    ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
  })
  const seconds =
    retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(retryAfterMs / 1e3))
  return {
    status,
    body,
    headers: {
      'content-type': 'application/problem+json',
      'content-length': String(Buffer.byteLength(body)),
      'cache-control': 'no-store',
      ...(seconds !== undefined && { 'retry-after': String(seconds) }),
      ...headers,
    },
  }
}

/** The same as the text of an HTTP/1.1 response after which the connection ends. */
export function refusalText(refused: Refused): string {
  const requestId = randomUUID()
  const { status, headers, body } = refusalAnswer(refused, requestId)
  const all = { ...headers, 'x-request-id': requestId, connection: 'close' }
  const lines = Object.entries(all).map(([k, v]) => `${k}: ${v}`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}

/** Counts how a handshake ended. */
export function countHandshake(handshakes: Map<string, number>, status: number): void {
  const outcome = OUTCOMES[status] ?? 'bad_request'
  handshakes.set(outcome, (handshakes.get(outcome) ?? 0) + 1)
}

const OUTCOMES: Readonly<Record<number, string>> = {
  101: 'accepted',
  200: 'accepted',
  401: 'forbidden',
  403: 'forbidden',
  421: 'forbidden',
  503: 'overloaded',
}
