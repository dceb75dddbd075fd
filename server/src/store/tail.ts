import type { HistoryRow } from '../model.ts'
import type { Page } from './rows.ts'
import { rowAt } from './rows.ts'

/** What a place in a page takes in memory beside its bytes: two numbers in an array. */
const PLACE_BYTES = 16

/** Results that are not in chunks yet: the journals, and where in them which endpoint's results are. */
export class Tail {
  readonly #pages = new Map<number, Omit<Page, 'places'>>()
  /** By endpoint: the id of a journal and an offset in it, in turn. */
  readonly #places = new Map<number, number[]>()
  #bytes = 0
  #oldest = Number.POSITIVE_INFINITY

  /** Memory it takes, about. */
  get bytes(): number {
    return this.#bytes
  }

  get isEmpty(): boolean {
    return this.#pages.size === 0
  }

  /** When the oldest result ended; infinite without any. Late after some were dropped. */
  get oldest(): number {
    return this.#oldest
  }

  /** The journal that came last; 0 without any. */
  get lastId(): number {
    return [...this.#pages.keys()].at(-1) ?? 0
  }

  /** Takes a journal; `wanted` leaves out results that are in chunks already. */
  add(id: number, { places, ...page }: Page, wanted?: (endpoint: number) => boolean): void {
    this.#pages.set(id, page)
    this.#bytes += page.packed.length
    for (const { endpoint, offset, at } of places) {
      if (wanted?.(endpoint) === false) continue
      const known = this.#places.get(endpoint)
      if (known === undefined) this.#places.set(endpoint, [id, offset])
      else known.push(id, offset)
      this.#bytes += PLACE_BYTES
      this.#oldest = Math.min(this.#oldest, at)
    }
  }

  /** Numbers of the endpoints that have results here. */
  endpoints(): Iterable<number> {
    return this.#places.keys()
  }

  has(endpoint: number): boolean {
    return this.#places.has(endpoint)
  }

  /** Results of an endpoint in journals up to this id, in the order they came. */
  rows({ endpoint, id }: { endpoint: number; id: string }, upTo = Infinity): HistoryRow[] {
    const places = this.#places.get(endpoint) ?? []
    const rows: HistoryRow[] = []
    for (let i = 0; i < places.length && (places[i] as number) <= upTo; i += 2) {
      const page = this.#pages.get(places[i] as number)
      if (page !== undefined)
        rows.push(rowAt(page, { endpoint: id, offset: places[i + 1] as number }))
    }
    return rows
  }

  /** Forgets an endpoint's results in journals up to this id: they are in chunks now. */
  dropRows(endpoint: number, upTo: number): void {
    const places = this.#places.get(endpoint) ?? []
    const first = places.findIndex((id, i) => i % 2 === 0 && id > upTo)
    const dropped = first < 0 ? places.length : first
    this.#bytes -= (dropped / 2) * PLACE_BYTES
    if (first < 0) this.#places.delete(endpoint)
    else this.#places.set(endpoint, places.slice(first))
  }

  /** Forgets the journals themselves. */
  dropPages(upTo: number, now: number): void {
    for (const [id, { packed }] of this.#pages) {
      if (id > upTo) continue
      this.#bytes -= packed.length
      this.#pages.delete(id)
    }
    this.#oldest = this.isEmpty ? Number.POSITIVE_INFINITY : now
  }
}
