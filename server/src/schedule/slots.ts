import { Roster } from './roster.ts'
import { type Planned, Slot } from './slot.ts'

/** What becomes of the endpoints when others take their place. */
type Replacing<Outcome> = {
  /** It is not scheduled any more, though it waits or runs. Others that are gone left nothing behind. */
  gone: (slot: Slot<Outcome>) => void
  added: (slot: Slot<Outcome>) => void
  /** It is scheduled still; this is what it is to be from now on. */
  stayed: (slot: Slot<Outcome>, plan: Planned) => void
}

/** All endpoints that are scheduled. At rest each is a row of numbers; while it waits or runs its slot is kept. */
export class Slots<Outcome, Subject extends { id: string }> {
  readonly #planOf: (subject: Subject) => Planned
  readonly #kept = new Map<number, Slot<Outcome>>()
  #roster = new Roster<Subject>([])

  constructor(planOf: (subject: Subject) => Planned) {
    this.#planOf = planOf
  }

  get size(): number {
    return this.#roster.subjects.length
  }

  /** Those that wait or run. */
  get kept(): Iterable<Slot<Outcome>> {
    return this.#kept.values()
  }

  find(id: string): Slot<Outcome> | undefined {
    const row = this.#roster.rowOf(id)
    return row === undefined ? undefined : this.#slotAt(row)
  }

  /** The named ones, as far as they are scheduled; all where none are named. */
  *among(ids?: Iterable<string>): Iterable<Slot<Outcome>> {
    if (ids === undefined) for (let row = 0; row < this.size; row++) yield this.#slotAt(row)
    for (const id of ids ?? []) {
      const slot = this.find(id)
      if (slot !== undefined) yield slot
    }
  }

  /** Keeps a slot for as long as it waits or runs. */
  keep(slot: Slot<Outcome>): void {
    this.#kept.set(slot.row, slot)
  }

  /** Lets it be a row again. */
  rest(slot: Slot<Outcome>): void {
    this.#kept.delete(slot.row)
  }

  /** When the next one is due. */
  nextAt(): number | undefined {
    return this.#roster.agenda.nextAt()
  }

  /** Takes off and yields those that are due at `now`, earliest first. */
  *takeDue(now: number): Iterable<Slot<Outcome>> {
    for (const row of this.#roster.agenda.takeDue(now)) yield this.#slotAt(row)
  }

  /** Replaces the endpoints. */
  replace(subjects: readonly Subject[], { gone, added, stayed }: Replacing<Outcome>): void {
    const before = this.#roster
    const after = new Roster(subjects)
    const kept = new Map(Array.from(this.#kept.values(), (slot) => [slot.plan.id, slot]))
    this.#roster = after
    this.#kept.clear()
    for (const slot of kept.values()) if (after.rowOf(slot.plan.id) === undefined) gone(slot)
    for (const [row, subject] of after.subjects.entries()) {
      const plan = this.#planOf(subject)
      const old = before.rowOf(subject.id)
      if (old === undefined) {
        added(new Slot(after, row, plan))
        continue
      }
      after.take(row, before, old)
      const slot = kept.get(subject.id)
      slot?.moveTo(after, row)
      if (slot !== undefined) this.keep(slot)
      const was = before.subjects[old] ?? subject
      stayed(slot ?? new Slot(after, row, this.#planOf(was)), plan)
    }
  }

  #slotAt(row: number): Slot<Outcome> {
    const subject = this.#roster.subjects[row] as Subject // safe: rows are those of the roster
    return this.#kept.get(row) ?? new Slot(this.#roster, row, this.#planOf(subject))
  }
}
