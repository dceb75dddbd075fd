import { encodePart, type Framed, type Part, type Piece } from './frames.ts'
import type { Channel, HubCounters } from './hub-counters.ts'

/** Largest part of a snapshot, in bytes, with room for what surrounds the records. */
const PART_BYTES = 256 * 1024 - 1024

/** What a batch is made from. */
export type BatchOf = Pick<Part, 'kind' | 'epoch' | 'from' | 'rev'> & {
  pieces: readonly Piece[]
  channel: Channel
  counters: HubCounters
}

/**
 * What one read of the board gave, cut into parts. It never changes, so every session that is sent it shares the
 * bytes, and a slow one can go on with the part it has come to.
 */
export class Batch {
  readonly rev: number
  readonly records: number
  readonly #of: BatchOf
  readonly #parts: readonly (readonly Piece[])[]
  #framed: Framed[] | undefined = []

  constructor(of: BatchOf) {
    this.#of = of
    this.rev = of.rev
    this.records = of.pieces.length
    this.#parts = cut(of.pieces)
  }

  /** In how many parts it is sent; at least one, also when nothing is in it. */
  get parts(): number {
    return this.#parts.length
  }

  /** A part as bytes; `index` counts from 0. */
  frame(index: number): Framed {
    const known = this.#framed?.[index]
    if (known) return known
    const { kind, epoch, from, rev, channel, counters } = this.#of
    const pieces = this.#parts[index] ?? []
    const place = { part: index + 1, of: this.parts }
    const framed = encodePart(channel, { kind, epoch, from, rev, ...place, pieces })
    counters.framesEncoded += framed.messages
    if (this.#framed) this.#framed[index] = framed
    return framed
  }

  /** Stops keeping the bytes: the board has moved on, and only sessions that are behind still want them. */
  release(): void {
    this.#framed = undefined
  }
}

function cut(pieces: readonly Piece[]): Piece[][] {
  const parts: Piece[][] = [[]]
  let bytes = 0
  for (const piece of pieces) {
    const size = Buffer.byteLength(piece.json) + 1
    if (bytes + size > PART_BYTES && bytes > 0) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)?.push(piece)
    bytes += size
  }
  return parts
}
