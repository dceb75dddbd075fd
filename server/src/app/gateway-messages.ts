/** What the main thread and a gateway thread say to each other. */
import type { BoardCopy } from '../board/board.ts'
import type { LogLevel } from '../lib/log.ts'
import type { LogEntry } from '../model.ts'
import type { Command } from '../ports.ts'
import type { ListenAt } from '../serve/listen.ts'
import type { GatewaySettings, Shares, Standing } from './gateway.ts'
import type { HistoryCall } from './history-calls.ts'
import type { Ask, Reply } from './questions.ts'
import type { Stop, Stopped } from './supervised-thread.ts'

/** What the thread is started with. */
export type GatewayStart = {
  settings: GatewaySettings
  shares: Shares
  log: { level: LogLevel; isTerminal: boolean }
  version: string
  boardDirectory: string | undefined
  /** When the monitor started, epoch ms. */
  startedAt: number
}

/** The first thing that the thread is told: what is true now, and where clients come in. */
export type Beginning = { board: BoardCopy; standing: Standing; at: ListenAt }

export type GatewayQuestion =
  | { begin: Beginning }
  | { stand: Standing }
  | { drain: number }
  | 'metrics'
  | 'stats'

/** What needs no answer. */
export type Told =
  /** Entries of the log, in its order. */
  | { say: 'entries'; entries: readonly LogEntry[] }
  /** What is older may be forgotten, epoch ms. */
  | { say: 'forget'; time: number }

/** A client of the thread wants something done, or to know of the past. */
export type ClientAsked = Ask<{ command: Command } | { history: HistoryCall }>

export type ToGateway = Ask<GatewayQuestion> | Told | Reply | Stop
export type FromGateway = ClientAsked | Reply | Stopped
