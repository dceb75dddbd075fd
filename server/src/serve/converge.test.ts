import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Seen, SeenRecord } from '../../test/support/fake-socket.ts'
import { aHub, type Client, type HubHouse } from '../../test/support/hub-house.ts'

const ENDPOINTS = ['aetna/eligibility', 'aetna/login', 'cigna/eligibility']
const FILTERS = [
  [],
  [{ payers: ['aetna'] }],
  [{ types: ['eligibility'] }, { endpoints: ['aetna/login'] }],
]

type Step =
  | { do: 'result' | 'status' | 'remove'; endpoint: number }
  | { do: 'opens' | 'closes'; order: number }
  | { do: 'tick' }
  | { do: 'cut' | 'resume' | 'slow' | 'drain'; client: number }
  | { do: 'filter'; client: number; filter: number }

const endpoint = fc.nat({ max: ENDPOINTS.length - 1 })
const client = fc.nat({ max: 2 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('result', 'status', 'remove'), endpoint }),
  fc.record({
    do: fc.constant('incident' as const),
    order: fc.nat({ max: 3 }),
    closed: fc.boolean(),
  }),
  fc.record({ do: fc.constant('tick' as const) }),
  fc.record({ do: fc.constantFrom('cut', 'resume', 'slow', 'drain'), client }),
  fc.record({
    do: fc.constant('filter' as const),
    client,
    filter: fc.nat({ max: FILTERS.length - 1 }),
  }),
) as fc.Arbitrary<Step>

/** A client as the protocol asks of one: it keeps what it is told and where it is, over any number of connections. */
class Follower {
  readonly #house: HubHouse
  readonly states = new Map<string, SeenRecord>()
  readonly incidents = new Map<string, SeenRecord>()
  readonly #seen = new Set<string>()
  position: { epoch: string; rev: number } | undefined
  filter = 0
  connection: Client | undefined

  constructor(house: HubHouse) {
    this.#house = house
  }

  connect(): void {
    if (this.connection) return
    this.connection = this.#house.join()
    this.subscribe(this.filter, this.position)
  }

  subscribe(filter: number, since?: { epoch: string; rev: number }): void {
    this.filter = filter
    this.read()
    this.connection?.say({ type: 'subscribe', filter: FILTERS[filter], ...(since && { since }) })
    if (!since) this.position = undefined
  }

  cut(): void {
    this.read()
    this.connection?.session.gone('1006', 'client')
    this.connection = undefined
  }

  read(): void {
    for (const frame of this.connection?.socket.take() ?? []) this.#take(frame)
  }

  #take(frame: Seen): void {
    if (frame.type === 'snapshot') this.#reset()
    if (frame.type !== 'snapshot' && frame.type !== 'updates') return
    assert.ok(frame.rev >= (this.position?.rev ?? 0), 'rev never goes back')
    for (const record of frame.endpoints ?? []) this.#keep(this.states, record, record.endpoint)
    for (const record of frame.incidents ?? []) this.#keep(this.incidents, record, record.id)
    this.position = { epoch: 'e1', rev: frame.rev }
  }

  #keep(into: Map<string, SeenRecord>, record: SeenRecord, id: string): void {
    const once = `${id} ${record.rev}`
    assert.ok(!this.#seen.has(once), 'no record twice at the same rev')
    this.#seen.add(once)
    if (record.removed) into.delete(id)
    else into.set(id, record)
  }

  #reset(): void {
    this.states.clear()
    this.#seen.clear()
  }
}

class World {
  readonly house = aHub()
  readonly followers = [0, 1, 2].map(() => new Follower(this.house))

  async do(step: Step): Promise<void> {
    if ('client' in step) this.#act(step)
    else if (step.do === 'tick') await this.house.tick()
    else this.#write(step)
    for (const follower of this.followers) follower.read()
  }

  #write(step: Extract<Step, { endpoint: number } | { order: number }>): void {
    const { book } = this.house
    if ('endpoint' in step) {
      const id = ENDPOINTS[step.endpoint] ?? ''
      if (step.do === 'remove') book.remove('endpoint', id)
      else if (step.do === 'result') book.result(id)
      else book.endpoint(id, { status: 'down' })
    } else {
      const id = ENDPOINTS[step.order % ENDPOINTS.length] ?? ''
      const status = step.do === 'closes' ? 'resolved' : 'identified'
      book.incident(step.order, { endpoints: [id], types: [id.split('/')[1] ?? ''], status })
    }
  }

  #act(step: Extract<Step, { client: number }>): void {
    const follower = this.followers[step.client]
    if (!follower) return
    const { connection } = follower
    if (step.do === 'cut') follower.cut()
    else if (step.do === 'resume') follower.connect()
    else if (step.do === 'filter') follower.subscribe(step.filter)
    else if (connection) connection.socket.writable = step.do === 'drain'
  }

  /** Lets everybody catch up. */
  async settle(): Promise<void> {
    for (const follower of this.followers) {
      follower.connect()
      if (follower.connection) follower.connection.socket.writable = true
    }
    await this.house.tick()
    await this.house.clock.advance(1_000)
    for (const follower of this.followers) follower.read()
  }

  check(follower: Follower): void {
    const { book, names } = this.house
    const resolved = names.resolve(FILTERS[follower.filter] ?? [])
    assert.ok('filter' in resolved)
    const { endpoints } = book.board.present(resolved.filter)
    const truth = endpoints.map(({ log }) => [log.id, log.rev] as const)
    const told = [...follower.states].map(([id, { rev }]) => [id, rev] as const)
    assert.deepEqual(new Map(told), new Map(truth), 'every client converges')
    for (const { log } of book.board.present(resolved.filter).incidents)
      assert.equal(follower.incidents.get(log.id)?.rev, log.rev, 'no incident is lost')
    for (const [id, { status }] of follower.incidents)
      if (status !== 'resolved' && follower.position)
        assert.equal(book.board.incident(id)?.log.value?.status, status, 'nor its end')
  }
}

test('whatever happens, every client converges, rev never goes back, nothing comes twice, no incident is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const world = new World()
      for (const follower of world.followers) follower.connect()

      for (const one of steps) await world.do(one)
      await world.settle()

      for (const follower of world.followers) world.check(follower)
    }),
    { numRuns: 100 },
  )
})
