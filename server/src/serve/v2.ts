/** What a client of subprotocol `payer-status-v2` may say, and what it hears at first. */
import {
  type ClientFrame,
  type Hello,
  MAX_FILTER_CLAUSES,
  MAX_FILTER_NAMES,
} from '@payer-status/protocol'
import { readClientFrame } from './client-frame.ts'
import { MESSAGE_RATE } from './message-rate.ts'
import type { Desk, Session } from './session.ts'
import { resolveFilter } from './subscription.ts'

/** The first frame, always. */
export function hello({ board, settings }: Desk): Hello {
  return {
    type: 'hello',
    epoch: board.epoch,
    rev: board.rev,
    server: settings.server,
    node: settings.node,
    heartbeatMs: settings.heartbeat,
    auth: 'none',
    limits: {
      maxFrameBytes: settings.frameBytes,
      framesPerSecond: MESSAGE_RATE.perSecond,
      frameBurst: MESSAGE_RATE.burst,
      framesPerMinute: MESSAGE_RATE.perMinute,
      maxFilterClauses: MAX_FILTER_CLAUSES,
      maxFilterNames: MAX_FILTER_NAMES,
    },
  }
}

/** Does what a frame says, or says what is wrong with it. */
export function understandV2(session: Session, text: string | undefined): void {
  const read = readClientFrame(text)
  if ('frame' in read) obey(session, read.frame)
  else session.reject(read)
}

function obey(session: Session, frame: ClientFrame): void {
  switch (frame.type) {
    case 'subscribe':
      subscribe(session, frame)
      break
    case 'unsubscribe':
      session.desk.unsubscribe(session)
      break
    case 'ping':
      session.reply({ type: 'pong', ...(frame.id !== undefined && { id: frame.id }) })
      break
    case 'authenticate':
      session.reject({ code: 'invalid_frame', message: NO_TOKEN, issues: [] })
      break
  }
}

const NO_TOKEN = 'this server asks for no token'

/** An unknown name changes nothing: the subscription stays as it was. */
function subscribe(session: Session, frame: Extract<ClientFrame, { type: 'subscribe' }>): void {
  const { filter = [], detail = 'result', since } = frame
  const resolved = resolveFilter(session.desk.names, filter)
  if ('filter' in resolved) {
    session.desk.subscribe(session, { filter: resolved.filter, detail, since })
    return
  }
  session.reply({
    type: 'error',
    code: 'unknown_name',
    message: 'the filter has names that nothing here has; the subscription is unchanged',
    issues: resolved.issues,
  })
}
