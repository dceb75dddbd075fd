/** What the gateway's thread and the prober's thread say to each other. Secrets travel packed, inside this process only. */
import type { LogLevel } from '../lib/log.ts'
import type { EndpointState, ProbeResult } from '../model.ts'
import type { Traced } from '../ports.ts'
import type { ProberSettings } from './prober.ts'
import type { Ask, Reply } from './questions.ts'
import type { Stop, Stopped } from './supervised-thread.ts'

/** What the worker is started with. */
export type WorkerStart = {
  settings: ProberSettings
  log: { level: LogLevel; isTerminal: boolean }
}

/** The work there is for the prober. */
export type Assign = { say: 'assign'; packed: unknown; assignment: number }

/** Longest wait for tokens: `patience`, ms. */
export type ProberQuestion = { probe: string; patience: number | undefined } | 'metrics'

/** Whose requests and answers are logged for a time. */
export type Trace = { say: 'trace'; traced: readonly Traced[] }

export type ToWorker = Assign | Trace | Ask<ProberQuestion> | Stop

/** One thing that the prober tells. */
export type Told = { state: EndpointState } | { result: ProbeResult }

/** What the prober tells in one turn. `assignment`: the number of the one that was in force. */
export type ToldBatch = { say: 'told'; batch: readonly Told[]; assignment: number }

export type FromWorker = ToldBatch | Reply | Stopped
