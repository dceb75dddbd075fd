/**
 * A model of the whole hub: one log, two gateways with boards and hubs of their own, and clients that come, go, filter,
 * stop reading and resume on either. The oracle is what the log holds.
 */
import assert from 'node:assert/strict'
import { FakeClock } from './fake-clock.ts'
import type { Seen, SeenRecord } from './fake-socket.ts'
import { aHub, type Client, type HubHouse } from './hub-house.ts'
import { type Act, aCatalogue, type Step, write } from './hub-model-steps.ts'
import type { LogBook } from './records.ts'

export const CLIENTS = 5
/** Fewer than the burst that a client may send. */
const MOST_SAID = 15

export const FILTERS = [
  [],
  [{ payers: ['aetna'] }],
  [{ types: ['login'] }],
  [{ types: ['eligibility'] }, { endpoints: ['humana/claims'] }],
]

/** A client as the protocol asks of one: it keeps what it is told and where it is, over any number of connections. */
class Follower {
  readonly states = new Map<string, SeenRecord>()
  readonly incidents = new Map<string, SeenRecord>()
  /** Every (record, rev) of this connection since its last snapshot. */
  readonly #seen = new Set<string>()
  /** What came of a snapshot that is not whole yet. */
  #parts: Seen[] = []
  position: { epoch: string; rev: number } | undefined
  #epoch = ''
  #lastRev = 0
  filter = 0
  detail = 'result'
  isSubscribed = true
  connection: Client | undefined
  /** What it has said on this connection: a burst of more than the limit is another test's matter. */
  said = 0

  come(house: HubHouse): void {
    if (this.connection) return
    this.connection = house.join()
    this.said = 0
    this.#seen.clear()
    this.#parts = []
    this.read()
    if (this.isSubscribed) this.#subscribe(this.position)
  }

  /** Another wish is another subscription: what was known is of no use for it. */
  wish(filter: number, detail: string): void {
    this.filter = filter
    this.detail = detail
    this.isSubscribed = true
    this.read()
    this.position = undefined
    this.#seen.clear()
    this.#parts = []
    this.#subscribe(undefined)
  }

  unsubscribe(): void {
    this.isSubscribed = false
    this.connection?.say({ type: 'unsubscribe' })
    this.read()
  }

  cut(): void {
    this.read()
    this.connection?.session.gone('1006', 'client')
    this.connection = undefined
  }

  read(): void {
    for (const frame of this.connection?.socket.take() ?? []) this.#take(frame)
  }

  #subscribe(since: Follower['position']): void {
    const { filter, detail } = this
    this.connection?.say({
      type: 'subscribe',
      filter: FILTERS[filter],
      detail,
      ...(since && { since }),
    })
  }

  #take(frame: Seen & { epoch?: string }): void {
    if (frame.epoch !== undefined) {
      if (frame.epoch !== this.#epoch) this.#lastRev = 0
      this.#epoch = frame.epoch
    }
    if (frame.type === 'snapshot') this.#takePart(frame)
    else if (frame.type === 'updates') this.#keepAll([frame], frame.rev)
    else if (frame.type === 'heartbeat') this.#moveTo(frame.rev)
    else assert.equal(frame.type, 'hello', frame.message)
  }

  #takePart(frame: Seen): void {
    if (frame.part === 1) this.#seen.clear() // a snapshot replaces all that was known
    this.#parts = frame.part === 1 ? [frame] : [...this.#parts, frame]
    assert.equal(this.#parts.length, frame.part, 'parts come in order')
    if (frame.part < frame.of) return
    this.states.clear()
    for (const [id, { status }] of this.incidents)
      if (status !== 'resolved') this.incidents.delete(id)
    this.#keepAll(this.#parts, frame.rev)
  }

  #keepAll(frames: readonly Seen[], rev: number): void {
    for (const { endpoints = [], incidents = [] } of frames) {
      for (const record of endpoints) this.#keep(this.states, record, record.endpoint)
      for (const record of incidents) this.#keep(this.incidents, record, record.id)
    }
    this.#moveTo(rev)
  }

  #keep(into: Map<string, SeenRecord>, record: SeenRecord, id: string): void {
    const once = `${id} ${record.rev}`
    assert.ok(!this.#seen.has(once), `no record twice at the same rev: ${once}`)
    this.#seen.add(once)
    if (record.removed) into.delete(id)
    else into.set(id, record)
  }

  #moveTo(rev: number): void {
    assert.ok(rev >= this.#lastRev, `rev never goes back: ${rev} after ${this.#lastRev}`)
    this.#lastRev = rev
    if (this.isSubscribed) this.position = { epoch: this.#epoch, rev }
  }
}

/** A clock that moves whenever it is looked at, so that a sweep is cut into many slices. */
class HastyClock extends FakeClock {
  #looks = 0

  override monotonic(): number {
    return super.monotonic() + 3 * this.#looks++
  }
}

/** Log, gateways and clients. */
export class World {
  #epochs = 1
  #book: LogBook = aCatalogue('e1')
  #gateways = this.#start()
  readonly #followers = Array.from({ length: CLIENTS }, () => new Follower())

  constructor() {
    const [, hasty] = this.#gateways
    for (const follower of this.#followers) if (hasty) follower.come(hasty)
  }

  async do(step: Step): Promise<void> {
    if (step.do === 'restart') this.#restart()
    else if (step.do === 'turn') await this.#gateways[1]?.clock.turn()
    else if (step.do === 'tick') await this.#gateways[step.gateway]?.tick()
    else if ('client' in step) this.#act(step)
    else {
      write(this.#book, step)
      for (const { hub } of this.#gateways) hub.changed()
    }
    for (const follower of this.#followers) follower.read()
  }

  /** Lets everybody come back and catch up. */
  async settle(): Promise<void> {
    for (const [i, follower] of this.#followers.entries()) {
      const [gateway] = this.#gateways
      if (gateway) follower.come(gateway)
      if (!follower.isSubscribed) follower.wish(i, 'result')
      if (follower.connection) follower.connection.socket.writable = true
    }
    for (const { hub, clock } of this.#gateways) {
      hub.changed()
      await clock.advance(20_000)
    }
    for (const follower of this.#followers) follower.read()
  }

  /** Everybody knows what the log holds, and no more. */
  check(): void {
    for (const follower of this.#followers) this.#check(follower)
  }

  #check({ filter, detail, states, incidents, position }: Follower): void {
    const { board } = this.#book
    const { endpoints, incidents: open } = this.#truth(filter)
    const mark = detail === 'status' ? 'statusRev' : 'rev'
    const truth = endpoints.map(({ log }) => [log.id, log[mark]] as const)
    const told = [...states].map(([id, record]) => [id, record[mark]] as const)
    assert.deepEqual(new Map(told), new Map(truth), 'every client converges')
    assert.equal(position?.rev, board.rev, 'the position moves, also when nothing matched')
    for (const { log } of open)
      assert.equal(incidents.get(log.id)?.rev, log.rev, 'no incident is lost')
    for (const [id, { status }] of incidents) {
      const now = board.incident(id)?.log.value?.status
      if (status !== 'resolved') assert.equal(status, now, 'nor its end')
    }
  }

  #truth(filter: number) {
    const resolved = this.#gateways[0]?.names.resolve(FILTERS[filter] ?? [])
    assert.ok(resolved && 'filter' in resolved)
    return this.#book.board.present(resolved.filter)
  }

  #act(step: Act): void {
    const follower = this.#followers[step.client]
    if (!follower || follower.said >= MOST_SAID) return
    follower.said++
    const gateway = step.do === 'come' ? this.#gateways[step.gateway] : undefined
    const { connection } = follower
    if (step.do === 'cut') follower.cut()
    else if (gateway) follower.come(gateway)
    else if (step.do === 'filter') follower.wish(step.filter, step.detail ? 'status' : 'result')
    else if (step.do === 'unsubscribe') follower.unsubscribe()
    else if (connection) {
      connection.socket.writable = step.do === 'drain'
      if (step.do === 'drain') connection.session.drained()
    }
  }

  /** The monitor starts anew, with a log of its own. */
  #restart(): void {
    for (const follower of this.#followers) follower.cut()
    this.#book = aCatalogue(`e${++this.#epochs}`)
    this.#gateways = this.#start()
  }

  #start(): HubHouse[] {
    const book = this.#book
    const [clock, hasty] = [new FakeClock(), new HastyClock()]
    return [aHub({ book, clock }), aHub({ book: book.copy(), clock: hasty })]
  }
}
