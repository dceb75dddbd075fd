import { toV1Result } from '@payer-status/protocol'
import type { Changes } from '../board/board.ts'
import type { BoardEntry, EntryOf } from '../board/entry.ts'
import { toWireState } from '../board/wire.ts'
import type { Piece } from './frames.ts'

/** The flat frames of v1: one for each endpoint with a new result; nothing else is told to such clients. */
export function v1Pieces({ endpoints }: Changes): Piece[] {
  return endpoints.flatMap((entry) => {
    const json = v1Json(entry)
    return json === undefined ? [] : [{ list: 'endpoints', json }]
  })
}

/** Encoded at most once for each entry, however many filters it matches. */
const encoded = new WeakMap<BoardEntry, string>()

function v1Json(entry: EntryOf<'endpoint'>): string | undefined {
  const known = encoded.get(entry)
  const { log } = entry
  if (known !== undefined || log.value === null) return known
  const result = toV1Result(toWireState(log.value, log), log.value.url)
  if (result === undefined) return undefined
  const json = JSON.stringify(result)
  encoded.set(entry, json)
  return json
}
