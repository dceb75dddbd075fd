import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Board } from '../../board/board.ts'
import type { Names } from '../../board/names.ts'
import type { Config } from '../../config/config.ts'
import type { Bus, Clock, History, Log } from '../../ports.ts'
import type { ApiKey } from '../auth.ts'
import type { HeadCount } from '../head-count.ts'
import type { Answered } from '../listener.ts'

/** Whether clients should be sent here, and if not, why. */
export type Readiness = { ready: boolean; reasons: string[] }

/** What is needed to say how the monitor itself is. */
export type HealthDeps = {
  clock: Clock
  version: string
  /** Epoch ms. */
  startedAt: number
  /** Not ready while starting, draining, or cut off from the log. */
  readiness: () => Readiness
}

/** What the public listener is made from. */
export type HttpDeps = HealthDeps & {
  board: Board
  names: Names
  /** Sends probe-now to whoever owns the endpoint. */
  bus: Pick<Bus, 'request'>
  /** What is remembered. @throws {StoreError} from each of its answers while the store cannot be asked */
  history: History
  log: Log
  settings: Pick<Config, 'server' | 'limits' | 'auth'>
  /** The connections of all threads, where there are several. */
  connections?: HeadCount | undefined
  /** The API keys in force, where a reload can change them; without it, those of `settings`. */
  apiKeys?: () => readonly ApiKey[]
  /** Absolute path of the built board; without it `/` says how to build it. */
  boardDirectory: string | undefined
  /** Takes over a `GET /events` that the guard let pass; common headers are already set on the response. */
  serveEvents: (request: IncomingMessage, response: ServerResponse) => void
  /** Told of every answered request, for counting. */
  answered?: (answer: Answered) => void
}
