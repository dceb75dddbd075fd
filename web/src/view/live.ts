import type { ConnectionState } from '@payer-status/client'
import { preciseTime } from './format.ts'

/** The connection in words. */
export type LiveView = {
  readonly tone: 'live' | 'waiting' | 'lost'
  readonly word: string
  readonly detail: string
  /** Whether what is shown may be old. */
  readonly isOld: boolean
}

/** What to say of the connection. */
export function liveOf(state: ConnectionState): LiveView {
  switch (state.phase) {
    case 'connecting':
      return { tone: 'waiting', word: 'Connecting', detail: '', isOld: false }
    case 'live':
      return state.stale ? stale : live(state.lagMs)
    case 'reconnecting':
      return { tone: 'lost', word: 'Reconnecting', detail: lastSeen(state.heardAt), isOld: true }
    case 'refused':
      return { tone: 'lost', word: 'Refused', detail: 'reload this page to try again', isOld: true }
  }
}

const stale: LiveView = {
  tone: 'lost',
  word: 'Behind',
  detail: 'this node has lost the log, what it shows is old',
  isOld: true,
}

function live(lagMs: number | null): LiveView {
  const detail = lagMs === null ? '' : `${Math.round(lagMs)} ms behind`
  return { tone: 'live', word: 'Live', detail, isOld: false }
}

function lastSeen(heardAt: number | null): string {
  return heardAt === null ? 'not reached yet' : `last seen ${preciseTime(heardAt)}`
}
