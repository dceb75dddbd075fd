/**
 * A head count over several threads, in memory that they share: one row a thread, written by that thread alone. A row
 * holds how many there are, and a count-min sketch of their addresses: each address counts in one column of each of
 * three rows of columns, and the least of the three is at most too large, never too small.
 * Source: Cormode and Muthukrishnan, "An improved data stream summary: the count-min sketch" (2005).
 */
import { type HeadCount, OwnHeadCount } from './head-count.ts'

const HASHES = 3
/** As many as there may be clients by default: two addresses rarely share all three. */
const COLUMNS = 16_384
const ROW = 1 + HASHES * COLUMNS
/** Before the rows: what the hashes begin with, so that nobody outside can choose addresses that share columns. */
const SEED = 0
const FIRST_ROW = 1

/** The count as one thread keeps it and sees it: its own exactly, that of the others by their rows. */
export class SharedHeadCount implements HeadCount {
  readonly #own = new OwnHeadCount()
  readonly #cells: Int32Array<SharedArrayBuffer>
  readonly #row: number
  readonly #otherRows: readonly number[]

  constructor(memory: SharedArrayBuffer, thread: number) {
    this.#cells = new Int32Array(memory)
    const rows = Array.from({ length: rowsIn(this.#cells) }, (_, row) => startOf(row))
    this.#row = startOf(thread)
    this.#otherRows = rows.filter((start) => start !== this.#row)
  }

  get total(): number {
    return this.#otherRows.reduce((sum, row) => sum + this.#read(row), this.#own.total)
  }

  from(address: string): number {
    const columns = columnsOf(address, this.#read(SEED))
    return this.#otherRows.reduce(
      (sum, row) => sum + Math.min(...columns.map((column) => this.#read(row + column))),
      this.#own.from(address),
    )
  }

  add(address: string): void {
    this.#own.add(address)
    this.#write(address, 1)
  }

  remove(address: string): void {
    this.#own.remove(address)
    this.#write(address, -1)
  }

  #read(cell: number): number {
    return Atomics.load(this.#cells, cell)
  }

  #write(address: string, change: number): void {
    Atomics.add(this.#cells, this.#row, change)
    for (const column of columnsOf(address, this.#read(SEED)))
      Atomics.add(this.#cells, this.#row + column, change)
  }
}

/** Memory for so many threads, in which nobody is counted yet. `chance` is in [0, 1). */
export function headCountMemory(threads: number, chance: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer((FIRST_ROW + threads * ROW) * Int32Array.BYTES_PER_ELEMENT)
  new Int32Array(memory)[SEED] = Math.floor(chance * 2 ** 32)
  return memory
}

/** Forgets whom a thread counted that has ended. */
export function forgetThread(memory: SharedArrayBuffer, thread: number): void {
  const start = startOf(thread)
  new Int32Array(memory).fill(0, start, start + ROW)
}

function rowsIn(cells: Int32Array): number {
  return (cells.length - FIRST_ROW) / ROW
}

function startOf(thread: number): number {
  return FIRST_ROW + thread * ROW
}

/**
 * The columns that an address counts in, counted from its row's start. Two hashes make all of them.
 * Source: Kirsch and Mitzenmacher, "Less hashing, same performance" (2006).
 */
function columnsOf(address: string, seed: number): number[] {
  const first = hash(address, seed)
  const step = hash(address, first) | 1
  return Array.from({ length: HASHES }, (_, i) => {
    const column = ((first + Math.imul(i, step)) >>> 0) % COLUMNS
    return 1 + i * COLUMNS + column
  })
}

/** FNV-1a, with the mixing that MurmurHash3 ends with. */
function hash(text: string, seed: number): number {
  let h = seed ^ 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
