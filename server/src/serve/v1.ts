/** What a client of subprotocol `payer-status-v1`, or of none, may say. It gets no answers, only results. */
import { type ResolvedFilter, resolved, V1ClientFrame } from '@payer-status/protocol'
import type { Desk, Session } from './session.ts'

/** RFC 6455 section 7.4.1: data that is not what its type says. */
const INVALID_DATA = 1007

/** Until it says otherwise, a v1 client gets everything. */
export const V1_EVERYTHING: ResolvedFilter = resolved([])

/** Does what a frame says. What means nothing to us is ignored and counted, as the original did. */
export function understandV1(session: Session, text: string | undefined): void {
  const { desk } = session
  const frame = jsonObject(text)
  if (frame === undefined) {
    desk.counters.framesInvalid++
    session.close(INVALID_DATA, 'expected a JSON object')
    return
  }
  const parsed = V1ClientFrame.safeParse(frame).data
  switch (parsed?.action) {
    case 'subscribe':
      desk.subscribe(session, { filter: v1Filter(desk, parsed), detail: 'result' })
      break
    case 'unsubscribe':
      desk.unsubscribe(session)
      break
    case 'ping':
      break
    default:
      desk.counters.actionsIgnored++
  }
}

function jsonObject(text: string | undefined): object | undefined {
  if (text === undefined) return undefined
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : undefined
  } catch {
    return undefined
  }
}

/**
 * Payers by any of their names, types exactly as written. A name that nothing has matches nothing, and begins to
 * match when a reload brings it.
 */
function v1Filter({ names, board }: Desk, frame: V1ClientFrame): ResolvedFilter {
  const payers = distinct([...(frame.payers ?? []), ...(frame.payer ?? [])].map(lowerCase))
  const types = distinct([...(frame.types ?? []), ...(frame.type ?? [])])
  if (payers.length === 0 && types.length === 0) return V1_EVERYTHING
  const wanted = new Set(types)
  let ids = new Set<string | undefined>()
  let resolvedAt = -1
  return {
    key: JSON.stringify([payers, types]),
    matches: ({ payer, type }) => {
      if (resolvedAt !== board.catalogRev) {
        ids = new Set(payers.map((name) => names.payer(name)))
        resolvedAt = board.catalogRev
      }
      return (payers.length === 0 || ids.has(payer)) && (types.length === 0 || wanted.has(type))
    },
  }
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}

function lowerCase(name: string): string {
  return name.toLowerCase()
}
