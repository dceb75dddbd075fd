import type { PayerEntry } from '../config/config.ts'
import type { EndpointState, IncidentRecord, LogEntry, LogRecord } from '../model.ts'
import { aboutOf } from './book.ts'
import { Certificates } from './certificates.ts'
import { Desk, type DeskDeps } from './desk.ts'
import { Outages } from './outages.ts'
import { isHalfOut, rollUp } from './rollup.ts'
import { Roots } from './roots.ts'
import { Unhurried } from './unhurried.ts'

type KeeperDeps = DeskDeps & {
  /** The payers of the catalogue, by id. */
  payer: (id: string) => PayerEntry | undefined
  endpointsOf: (payer: string) => Iterable<EndpointState>
  publish: (record: LogRecord) => void
  /** Runs `flush` once whatever runs now has ended: a burst of changes, or the log told from its beginning. */
  defer: (flush: () => void) => void
  /** Runs something later; the returned function cancels it. */
  after: (ms: number, run: () => void) => () => void
}

/**
 * Keeps what is true across endpoints: roll-ups of payers and incidents. Once per deployment; all it knows comes from the
 * log, and what others write into an incident stays, for each record is made from the latest one.
 */
export class Keeper implements Disposable {
  readonly #deps: KeeperDeps
  readonly #desk: Desk
  readonly #outages: Outages
  readonly #certificates: Certificates
  readonly #roots: Roots
  readonly #hurries: Record<'certificates' | 'roots', Unhurried>
  readonly #rollups = new Map<string, string>()
  /** Payers of which half or more of what users need is down. */
  readonly #halfOut = new Set<string>()
  readonly #dirty = new Set<string>()
  readonly #changed = new Set<string>()
  #isDeferred = false

  constructor(deps: KeeperDeps) {
    this.#deps = deps
    this.#desk = new Desk(deps)
    this.#outages = new Outages(this.#desk)
    this.#hurries = {
      certificates: new Unhurried({ after: deps.after, onTurn: () => this.#refresh() }),
      roots: new Unhurried({
        after: deps.after,
        onTurn: (ids) => {
          for (const id of ids) this.#desk.dirty.add(id)
          this.#refresh()
        },
      }),
    }
    this.#certificates = new Certificates(this.#desk, this.#hurries.certificates)
    this.#roots = new Roots({
      desk: this.#desk,
      isHalfOut: (payer) => this.#halfOut.has(payer),
      hurry: this.#hurries.roots,
    })
  }

  /** Open incidents now. */
  get openIncidents(): number {
    return this.#desk.book.open
  }

  /** Follows the log; publishes what follows from it. */
  onEntry(entry: LogEntry): void {
    if (entry.kind === 'incident') this.#onIncident(entry.id, entry.value)
    if (entry.kind === 'payer' && entry.value !== null)
      this.#rollups.set(entry.id, JSON.stringify(entry.value)) // also one of the run before
    if (entry.kind !== 'endpoint') return
    this.#later()
    this.#changed.add(entry.id)
    if (entry.statusRev === entry.rev) this.markDirty(entry.id.slice(0, entry.id.indexOf('/')))
    const result = entry.resultRev === entry.rev ? entry.value?.result : undefined
    if (result) this.#outages.count(entry.id, result)
  }

  /** Makes a payer's roll-up be worked out again, as after its names changed. */
  markDirty(payer: string): void {
    this.#later()
    this.#dirty.add(payer)
  }

  [Symbol.dispose](): void {
    for (const hurry of Object.values(this.#hurries)) hurry[Symbol.dispose]()
  }

  /** What is new here, as after a restart, is looked at: its endpoints may have left meanwhile. */
  #onIncident(id: string, incident: IncidentRecord | null): void {
    const { book, dirty } = this.#desk
    if (incident === null) {
      book.drop(id)
      this.#desk.tally.forget(id)
      return
    }
    const isKnown = book.get(id) !== undefined
    book.remember(incident, this.#deps.now())
    const about = aboutOf(incident)
    if (about === 'certificate') this.#certificates.remember(incident)
    if (isKnown || incident.status === 'resolved' || about === undefined) return
    this.#later()
    if (about === 'shared') dirty.add(id)
    else for (const endpoint of incident.endpoints) this.#changed.add(endpoint)
  }

  #later(): void {
    if (this.#isDeferred) return
    this.#isDeferred = true
    this.#deps.defer(() => this.#flush())
  }

  #flush(): void {
    this.#isDeferred = false
    const [changed, dirty] = [[...this.#changed], [...this.#dirty]]
    this.#changed.clear()
    this.#dirty.clear()
    const { book, tally } = this.#desk
    book.expire(this.#deps.now(), (id) => tally.forget(id))
    this.#roots.correlate(changed.filter((id) => this.#outages.look(id)))
    for (const id of changed) this.#certificates.look(id)
    for (const id of dirty) {
      this.#rollUp(id)
      this.#roots.merge(id)
    }
    this.#refresh()
  }

  #refresh(): void {
    this.#certificates.refresh()
    this.#roots.refresh()
    this.#publish()
  }

  #publish(): void {
    for (const value of this.#desk.take())
      this.#deps.publish({ kind: 'incident', id: value.id, value })
  }

  #setHalfOut(payer: string, isOut: boolean): void {
    if (this.#halfOut.has(payer) === isOut) return
    if (isOut) this.#halfOut.add(payer)
    else this.#halfOut.delete(payer)
    this.#roots.touch(payer)
  }

  #rollUp(id: string): void {
    const entry = this.#deps.payer(id)
    if (entry === undefined) {
      this.#halfOut.delete(id)
      if (this.#rollups.delete(id)) this.#deps.publish({ kind: 'payer', id, value: null })
      return
    }
    const states = [...this.#deps.endpointsOf(id)]
    this.#setHalfOut(id, isHalfOut(states))
    const value = rollUp(entry, states)
    const text = JSON.stringify(value)
    if (this.#rollups.get(id) === text) return
    this.#rollups.set(id, text)
    this.#deps.publish({ kind: 'payer', id, value })
  }
}
