/** The only file that knows the `ws` package as a client's. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Subprotocol } from '@payer-status/protocol'
import { type RawData, WebSocket } from 'ws'

/** Why a connection ended: by this close code, or it never began. */
export type Ending = number | 'refused' | 'unreachable'

/** What is told of a connection that we open. */
export type Hearing = {
  /** It is open; these are the headers of the answer. */
  opened(headers: IncomingHttpHeaders): void
  text(text: string): void
  /** It has ended, once; not when we end it. */
  ended(why: Ending): void
}

/** A connection that we have opened, or are opening. */
export type Line = { say(text: string): void; end(): void }

/** More than the hub puts into one frame. */
const MAX_PAYLOAD = 64 * 1024 * 1024
/** RFC 6455 section 7.1.5: nobody said goodbye. */
const ABNORMAL = 1006

/** Opens a connection to a monitor. */
export function openLine(
  to: { url: string; subprotocol: Subprotocol; headers: Record<string, string> },
  hearing: Hearing,
): Line {
  const { url, subprotocol, headers } = to
  const ws = new WebSocket(url, subprotocol, {
    headers,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD,
  })
  let answered: IncomingHttpHeaders = {}
  let isOpen = false
  let isOver = false
  const ended = (why: Ending) => {
    if (!isOver) hearing.ended(why)
    isOver = true
  }
  ws.on('upgrade', (response) => {
    answered = response.headers
  })
  ws.on('open', () => {
    isOpen = true
    hearing.opened(answered)
  })
  ws.on('message', (data: RawData, isBinary) => {
    if (!isBinary && !isOver) hearing.text(String(data))
  })
  ws.on('unexpected-response', (request) => {
    ended('refused')
    request.destroy()
  })
  ws.on('error', () => ended(isOpen ? ABNORMAL : 'unreachable'))
  ws.on('close', (code) => ended(isOpen ? code : 'unreachable'))
  return {
    say: (text) => ws.send(text),
    end() {
      isOver = true
      ws.terminate()
    },
  }
}
