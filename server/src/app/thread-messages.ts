/** What the gateway's thread and the prober's thread say to each other. Secrets travel packed, inside this process only. */
import type { LogLevel } from '../lib/log.ts'
import type { EndpointState, ProbeResult } from '../model.ts'
import type { ProberSettings } from './prober.ts'

/** What the worker is started with. */
export type WorkerStart = {
  settings: ProberSettings
  log: { level: LogLevel; isTerminal: boolean }
}

export type ToWorker =
  | { say: 'assign'; packed: unknown; assignment: number }
  | { say: 'ask'; id: number; question: { probe: string } | 'metrics' }
  | { say: 'stop'; grace: number }

/** One thing that the prober tells. */
export type Told = { state: EndpointState } | { result: ProbeResult }

export type FromWorker =
  /** `assignment`: the number of the one that was in force. */
  | { say: 'told'; batch: readonly Told[]; assignment: number }
  | { say: 'answer'; id: number; value: unknown }
  | { say: 'refuse'; id: number; error: Refusal }
  | { say: 'stopped' }

/** An error as it crosses threads. */
export type Refusal = { code: string; message: string; retryAfterMs?: number }
