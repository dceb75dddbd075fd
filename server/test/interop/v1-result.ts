import assert from 'node:assert/strict'
import type { V1Result } from '@payer-status/protocol'

/** A frame of v1 of an endpoint that works, with exactly the keys that the original sends. */
export function v1Result(frame: unknown): V1Result {
  const result = frame as V1Result // its keys are looked at next
  const keys = ['ts', 'payer', 'type', 'url', 'latency_ms', 'status_code']
  assert.deepEqual(Object.keys(result), keys)
  assert.equal(result.status_code, 200)
  assert.equal(new Date(result.ts).toISOString(), result.ts)
  return result
}
