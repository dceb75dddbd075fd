import { createRequire } from 'node:module'
import { pino } from 'pino'

/**
 * Everything a log line may carry besides its constant message: a closed vocabulary, so that nothing private slips in and
 * every line can be searched. `probe` correlates lines from a probe to its push.
 */
export type LogFields = {
  room?: string
  node?: string
  endpoint?: string
  payer?: string
  type?: string
  status?: string
  previousStatus?: string
  rev?: number
  latencyMs?: number
  kind?: string | undefined
  statusCode?: number | undefined
  session?: string
  remote?: string
  code?: string | number
  probe?: string | undefined
  /** Who did something: the name of an API key, or `local`. */
  by?: string
  incident?: string
  /** Of announced maintenance. */
  window?: string
  plan?: string
  count?: number
  attempt?: number | undefined
  redirects?: number
  method?: string
  /** Host and port that were asked. */
  host?: string
  /** As the configuration writes it, without what was filled in. */
  path?: string
  httpVersion?: string | undefined
  /** Of a body. */
  sentBytes?: number
  receivedBytes?: number
  /** Each step that was taken, ms. */
  phases?: Readonly<Record<string, number>>
  /** What an operator can act on, in our own words; never an exception's text. */
  problem?: string
}

/** The part of pino that the rooms use. The message is a constant phrase, the data are fields. */
export interface Log {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
  /** A logger whose lines all carry `fields`; with a level of its own where one is given. */
  child(fields: LogFields, options?: { level: LogLevel }): Log
  /** Whether lines of that level are written at all. */
  isLevelEnabled(level: string): boolean
}

type Pretty = typeof import('pino-pretty')

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Writes to standard error: JSON lines, or readable ones for a terminal. Works in any thread. */
export function createLog({ level, isTerminal }: { level: LogLevel; isTerminal: boolean }): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    messageKey: 'message',
  }
  if (!isTerminal) return pino(options, pino.destination({ fd: 2, sync: true }))
  // Only a terminal's log loads what makes lines readable: it costs each thread as much as pino does.
  const { build: pretty } = createRequire(import.meta.url)('pino-pretty') as Pretty
  return pino(
    options,
    pretty({ destination: 2, sync: true, messageKey: 'message', translateTime: 'HH:MM:ss.l' }),
  )
}

/** Says nothing; for tests and for parts that run without a log. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
  isLevelEnabled: () => false,
}
