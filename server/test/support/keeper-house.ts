/** Judge and keeper on a log of their own, driven by hand: weeks pass in milliseconds. */
import { LocalBus } from '../../src/bus/local.ts'
import type { Endpoint } from '../../src/config/config.ts'
import { ulid } from '../../src/lib/ids.ts'
import type {
  EndpointState,
  IncidentRecord,
  LogEntry,
  PayerState,
  ProbeResult,
} from '../../src/model.ts'
import { initialState, judge } from '../../src/status/judge.ts'
import { Keeper } from '../../src/status/keeper.ts'
import { seeded } from './a-week.ts'
import { anEndpoint } from './builders.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

/** An endpoint of a payer, on a host, behind a route. */
export function endpointOf(id: string, parts: Partial<Endpoint> = {}): Endpoint {
  const payer = id.slice(0, id.indexOf('/'))
  return anEndpoint({ id, payer, payerName: payer, host: `${payer}.example:443`, ...parts })
}

export class KeeperHouse {
  now = Date.UTC(2026, 0, 5)
  readonly endpoints = new Map<string, Endpoint>()
  readonly states = new Map<string, EndpointState>()
  /** Every record of an incident that was published, in order. */
  readonly told: IncidentRecord[] = []
  /** Every roll-up that was published, in order. */
  readonly payers: PayerState[] = []
  /** How often the keeper asked for a state. */
  looks = 0
  readonly #bus: LocalBus
  readonly #byPayer = new Map<string, Set<string>>()
  readonly #chance = seeded(7)
  readonly #deferred: (() => void)[] = []
  #timers: { at: number; run: () => void }[] = []
  #keeper: Keeper
  #probes = 0

  constructor(endpoints: readonly Endpoint[]) {
    const clock = { now: () => this.now, monotonic: () => 0, after: () => () => {} }
    this.#bus = new LocalBus({ clock, epoch: 'e' })
    this.#bus.subscribe((entry) => this.#follow(entry))
    this.#keeper = this.#start()
    for (const endpoint of endpoints) this.add(endpoint)
    this.settle()
  }

  /** Ends the keeper and starts another one, which is told the log from its beginning. */
  restart(): void {
    this.settle()
    this.#timers = []
    this.#keeper = this.#start()
    this.settle()
  }

  add(endpoint: Endpoint): void {
    this.endpoints.set(endpoint.id, endpoint)
    const value = initialState(endpoint, 'local', this.now)
    void this.#bus.publish({ kind: 'endpoint', id: endpoint.id, value })
  }

  /** As a reload does it. */
  remove(id: string): void {
    this.endpoints.delete(id)
    void this.#bus.publish({ kind: 'endpoint', id, value: null })
    this.settle()
  }

  /** As another part of the house publishes a state. */
  put(id: string, value: EndpointState): void {
    void this.#bus.publish({ kind: 'endpoint', id, value })
    this.settle()
  }

  /** What one probe saw, judged now. */
  see(id: string, result: ProbeResult): void {
    const endpoint = this.endpoints.get(id)
    const before = this.states.get(id)
    if (!endpoint || !before) return
    const seen = { ...result, endpoint: id, at: this.now, probe: `p${++this.#probes}` }
    const answeredElsewhereAt = Number.MAX_SAFE_INTEGER
    const value = judge(endpoint, before, { result: seen, offline: false, answeredElsewhereAt })
    void this.#bus.publish({ kind: 'endpoint', id, value })
  }

  /** One minute after the other; in each, every endpoint gives the result that `sees` says. */
  minutes(count: number, sees: (id: string, minute: number) => ProbeResult | undefined): void {
    for (let minute = 0; minute < count; minute++) {
      for (const id of this.endpoints.keys()) {
        const result = sees(id, minute)
        if (result) this.see(id, result)
      }
      this.pass(MINUTE)
    }
  }

  /** Lets time pass. */
  pass(ms: number): void {
    this.settle()
    this.now += ms
    const due = this.#timers.filter(({ at }) => at <= this.now)
    this.#timers = this.#timers.filter(({ at }) => at > this.now)
    for (const { run } of due) run()
    this.settle()
  }

  /** Lets the keeper do what it put off. */
  settle(): void {
    for (let run = this.#deferred.shift(); run; run = this.#deferred.shift()) run()
  }

  /** As another part of the house publishes an incident. */
  write(value: IncidentRecord): void {
    void this.#bus.publish({ kind: 'incident', id: value.id, value })
    this.settle()
  }

  /** The latest record of each incident. */
  get incidents(): IncidentRecord[] {
    return [...new Map(this.told.map((incident) => [incident.id, incident])).values()]
  }

  get open(): IncidentRecord[] {
    return this.incidents.filter(({ status }) => status !== 'resolved')
  }

  get openCount(): number {
    return this.#keeper.openIncidents
  }

  /** The open incidents that name an endpoint as their own. */
  ofEndpoint(id: string): IncidentRecord[] {
    return this.open.filter(
      ({ scope, endpoints }) => scope === 'endpoint' && endpoints.includes(id),
    )
  }

  #follow(entry: LogEntry): void {
    if (entry.kind === 'incident' && entry.value) this.told.push(entry.value)
    if (entry.kind === 'payer' && entry.value) this.payers.push(entry.value)
    if (entry.kind !== 'endpoint') return
    if (entry.value) {
      this.states.set(entry.id, entry.value)
      const { payer } = entry.value
      this.#byPayer.set(payer, (this.#byPayer.get(payer) ?? new Set()).add(entry.id))
    }
    if (!entry.value) this.states.delete(entry.id)
  }

  #start(): Keeper {
    const keeper: Keeper = new Keeper({
      payer: (payer) => ({ payer, name: payer, aliases: [], identifiers: [] }),
      whereIs: (id) => this.endpoints.get(id),
      endpointsOf: (payer) =>
        [...(this.#byPayer.get(payer) ?? [])].flatMap((id) => this.states.get(id) ?? []),
      stateOf: (id) => {
        this.looks++
        return this.states.get(id)
      },
      publish: (record) => void this.#bus.publish(record),
      newIncidentId: () => `inc_${ulid(this.now, this.#chance)}`,
      now: () => this.now,
      defer: (run) => this.#deferred.push(run),
      after: (ms, run) => {
        this.#timers.push({ at: this.now + ms, run })
        return () => {}
      },
    })
    let isCurrent = true
    this.#end()
    this.#end = () => {
      isCurrent = false
    }
    this.#bus.subscribe((entry) => isCurrent && keeper.onEntry(entry))
    return keeper
  }

  #end: () => void = () => {}
}
