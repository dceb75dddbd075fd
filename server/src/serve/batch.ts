import { encodePart, type Framed, type Part, type Piece } from './frames.ts'
import type { Channel, HubCounters } from './hub-counters.ts'

/** Largest part of a snapshot, in bytes, with room for what surrounds the records. */
const PART_BYTES = 256 * 1024 - 1024
/** Most bytes that all batches together keep; beyond, parts are encoded again for each who wants them. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024

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
  readonly kind: Part['kind']
  readonly rev: number
  readonly records: number
  readonly #of: BatchOf
  readonly #parts: readonly (readonly Piece[])[]
  readonly #framed = new Map<number, Framed>()
  /** For each part, how many have begun and not come past it. */
  readonly #ahead: number[]
  #isReleased = false

  constructor(of: BatchOf) {
    this.#of = of
    this.kind = of.kind
    this.rev = of.rev
    this.records = of.pieces.length
    this.#parts = cut(of.pieces)
    this.#ahead = this.#parts.map(() => 0)
  }

  /** In how many parts it is sent; at least one, also when nothing is in it. */
  get parts(): number {
    return this.#parts.length
  }

  /** Somebody is going to take every part, one after the other, unless they leave. */
  begin(): void {
    for (const index of this.#ahead.keys()) this.#count(index, 1)
  }

  /** The part that comes next for one who has begun; `index` counts from 0. */
  take(index: number): Framed {
    const framed = this.#framed.get(index) ?? this.#encode(index)
    this.#count(index, -1)
    return framed
  }

  /** The first part, for many at once who need no more. */
  peek(): Framed {
    return this.#framed.get(0) ?? this.#encode(0)
  }

  /** One who has begun takes nothing from part `index` on. */
  leave(index: number): void {
    for (let i = index; i < this.parts; i++) this.#count(i, -1)
  }

  /** Nobody will begin any more: a part is kept only for those who have not come past it. */
  release(): void {
    this.#isReleased = true
    for (const index of this.#ahead.keys()) this.#count(index, 0)
  }

  #encode(index: number): Framed {
    const { kind, epoch, from, rev, channel, counters } = this.#of
    const pieces = this.#parts[index] ?? []
    const place = { part: index + 1, of: this.parts }
    const framed = encodePart(channel, { kind, epoch, from, rev, ...place, pieces })
    counters.framesEncoded += framed.messages
    if (counters.keptBytes + framed.bytes.length > MAX_KEPT_BYTES) return framed
    counters.keptBytes += framed.bytes.length
    this.#framed.set(index, framed)
    return framed
  }

  #count(index: number, more: number): void {
    const ahead = (this.#ahead[index] ?? 0) + more
    this.#ahead[index] = ahead
    if (ahead > 0 || !this.#isReleased) return
    this.#of.counters.keptBytes -= this.#framed.get(index)?.bytes.length ?? 0
    this.#framed.delete(index)
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
