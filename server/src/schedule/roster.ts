import { spreadHash } from '../lib/ids.ts'
import { Agenda } from './agenda.ts'
import { Column } from './column.ts'

/** The index has at least this many cells for each row, so that few rows want the same. */
const CELLS_PER_ROW = 1.25

/**
 * What is kept of every endpoint, a row each: a hundred thousand schedules are a few arrays, not as many objects. Which
 * endpoints they are never changes; for others there is another roster.
 */
export class Roster<Subject extends { id: string }> {
  readonly subjects: readonly Subject[]
  readonly dueAt: Column
  readonly gridPoint: Column
  readonly startedAt: Column
  readonly setbacks: Column
  /** 1 or 0. */
  readonly isRegular: Column
  readonly agenda: Agenda
  /** Rows by the hash of their id, from 1; 0 where a cell is free. Linear probing. */
  readonly #index: Column

  constructor(subjects: readonly Subject[]) {
    this.subjects = subjects.slice() // no longer than it need be
    const rows = subjects.length
    this.dueAt = new Column(Float64Array, rows)
    this.gridPoint = new Column(Float64Array, rows)
    this.startedAt = new Column(Float64Array, rows)
    this.setbacks = new Column(Uint16Array, rows)
    this.isRegular = new Column(Uint8Array, rows)
    this.agenda = new Agenda(this.dueAt)
    this.#index = new Column(Uint32Array, 2 ** Math.ceil(Math.log2(CELLS_PER_ROW * rows + 1)))
    for (const [row, { id }] of this.subjects.entries()) this.#index.set(this.#cellOf(id), row + 1)
  }

  rowOf(id: string): number | undefined {
    const entry = this.#index.get(this.#cellOf(id))
    return entry === 0 ? undefined : entry - 1
  }

  /** Takes over what another roster has in a row. */
  take(row: number, before: Roster<Subject>, rowBefore: number): void {
    for (const name of ['dueAt', 'gridPoint', 'startedAt', 'setbacks', 'isRegular'] as const)
      this[name].set(row, before[name].get(rowBefore))
    if (before.agenda.has(rowBefore)) this.agenda.set(row, this.dueAt.get(row))
  }

  /** The cell of an id, or the free one where it would be. */
  #cellOf(id: string): number {
    const mask = this.#index.rows - 1
    for (let cell = spreadHash(id) & mask; ; cell = (cell + 1) & mask) {
      const entry = this.#index.get(cell)
      if (entry === 0 || this.subjects[entry - 1]?.id === id) return cell
    }
  }
}
