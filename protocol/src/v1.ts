/**
 * Subprotocol `payer-status-v1`: the flat frames of the service this one replaces. Clients written for it work unchanged.
 */
import * as z from 'zod'
import type { State } from './model.ts'

/** One new result. `err` only on failure; `status_code` 0 without an answer. */
export type V1Result = {
  ts: string
  payer: string
  type: string
  url: string
  latency_ms: number
  status_code: number
  err?: string
}

/** One name or several; null is what an empty list is in other languages. */
const Names = z.union([
  z.string().transform((name) => [name]),
  z.array(z.string()),
  z.null().transform((): string[] => []),
])

/** What a v1 client may say; the singular keys are what the original's code read, the plural what its manual said. */
export const V1ClientFrame = z.looseObject({
  action: z.string(),
  payers: Names.optional(),
  payer: Names.optional(),
  types: Names.optional(),
  type: Names.optional(),
})
export type V1ClientFrame = z.infer<typeof V1ClientFrame>

/** The flat frame of a state's latest result. `url` must already be free of query, fragment and user info. */
export function toV1Result(state: State, url: string): V1Result | undefined {
  const { result } = state
  if (result === null) return undefined
  return {
    ts: result.at,
    payer: state.payerName,
    type: state.type,
    url,
    latency_ms: Math.round(result.latencyMs),
    status_code: result.statusCode ?? 0,
    ...(result.failure !== null && { err: errorText(state) }),
  }
}

function errorText({ reason, result }: State): string {
  const kind = result?.failure?.kind ?? 'unrecognised'
  return reason !== null && reason.kind === kind ? `${kind}: ${reason.message}` : kind
}
