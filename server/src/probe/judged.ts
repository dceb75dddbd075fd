import type { Phases } from '@payer-status/protocol'
import type { TlsSeen } from '../model.ts'

/** The part of an answer that expectations look at. */
export type Judged = {
  status: number
  /** By name in lower case. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>
  body: Buffer
  /** Whether the body goes on after what was read. */
  truncated: boolean
  /** Whether the body is compressed, though that was not asked for. */
  encoded: boolean
  tls: TlsSeen | null
  /** When it had come, epoch ms. */
  at: number
  latencyMs: number
  phases: Phases
}

/** What an expectation is about. */
export type Aspect =
  | 'status'
  | 'content_type'
  | 'header'
  | 'encoding'
  | 'body'
  | 'json'
  | 'xml'
  | 'size'
  | 'certificate'
  | 'latency'

/** An expectation that was not met: what was expected and, of statuses and numbers only, what was seen. */
export type Unmet = { of: Aspect; message: string }
