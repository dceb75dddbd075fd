import { toV1Result } from '@payer-status/protocol'
import type { Changes } from '../board/board.ts'
import { toWireState } from '../board/wire.ts'
import type { Piece } from './frames.ts'

/** The flat frames of v1: one for each endpoint with a new result; nothing else is told to such clients. */
export function v1Pieces({ endpoints }: Changes): Piece[] {
  return endpoints.flatMap(({ log }) => {
    if (log.value === null) return []
    const result = toV1Result(toWireState(log.value, log), log.value.url)
    return result ? [{ list: 'endpoints', json: JSON.stringify(result) }] : []
  })
}
