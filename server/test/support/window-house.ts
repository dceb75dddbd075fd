/** Judge, keeper and announced maintenance on a log of their own, on a clock that is moved by hand. */
import { Board } from '../../src/board/board.ts'
import { LocalBus } from '../../src/bus/local.ts'
import type { Config, Endpoint, Plan } from '../../src/config/config.ts'
import { type Around, planOf, type Said } from '../../src/config/maintenance.ts'
import type {
  EndpointState,
  IncidentRecord,
  LogEntry,
  ProbeResult,
  WindowRecord,
} from '../../src/model.ts'
import { uncovered } from '../../src/status/cover.ts'
import { initialState, judge } from '../../src/status/judge.ts'
import { Keeper } from '../../src/status/keeper.ts'
import { WindowKeeper } from '../../src/status/window-keeper.ts'
import { FakeClock } from './fake-clock.ts'
import { memoryLog } from './http-monitor.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Aetna's maintenance, as its file says it. */
export function aPlan(said: Partial<Said>, around: Partial<Around> = {}): Plan {
  const whole: Said = { types: [], kind: 'routine', exdates: [], ...said }
  const plan = planOf(whole, { payer: 'aetna', origin: 'file', timeZone: 'UTC', ...around })
  if ('expected' in plan) throw new Error(`expected ${plan.expected}`)
  return plan
}

/** Aetna's maintenance that comes once. */
export function onePlan(from: number, to: number, said: Partial<Said> = {}): Plan {
  const iso = (at: number) => new Date(at).toISOString().slice(0, 19)
  return aPlan({ starts: iso(from), ends: iso(to), ...said })
}

export class WindowHouse {
  readonly clock: FakeClock
  readonly log = memoryLog()
  readonly board: Board
  readonly bus: LocalBus
  /** Every record of a window that was published, in order. */
  readonly told: WindowRecord[] = []
  readonly entries: LogEntry[] = []
  readonly #endpoints: readonly Endpoint[]
  /** What the prober knows. */
  readonly #states = new Map<string, EndpointState>()
  #windows: WindowKeeper
  #incidents = 0
  #end: () => void

  constructor(endpoints: readonly Endpoint[], clock = new FakeClock()) {
    this.clock = clock
    this.#endpoints = endpoints
    this.bus = new LocalBus({ clock, epoch: 'e' })
    this.board = new Board('e')
    this.bus.subscribe((entry) => {
      this.board.apply(entry)
      this.entries.push(entry)
      if (entry.kind === 'window' && entry.value) this.told.push(entry.value)
    })
    const parts = this.#start()
    this.#windows = parts.windows
    this.#end = parts.end
    for (const endpoint of endpoints) {
      const value = initialState(endpoint, 'local', clock.now())
      this.#states.set(endpoint.id, value)
      void this.bus.publish({ kind: 'endpoint', id: endpoint.id, value })
    }
  }

  get figures() {
    return this.#windows.figures
  }

  get openIncidents(): IncidentRecord[] {
    return [...this.board.incidents()].filter(({ status }) => status !== 'resolved')
  }

  /** Puts plans in force, as a start or a reload does. */
  apply(maintenance: readonly Plan[]): void {
    const payers = new Set(this.#endpoints.map(({ payer }) => payer))
    const entries = Array.from(payers, entryOf)
    const config: Pick<Config, 'maintenance' | 'payers'> = { maintenance, payers: entries }
    this.#windows.apply(config)
  }

  /** Ends those who follow the log, and starts others with these plans; the prober goes on from what is published. */
  restart(maintenance: readonly Plan[]): void {
    this.#end()
    const parts = this.#start()
    this.#windows = parts.windows
    this.#end = parts.end
    this.apply(maintenance)
    for (const state of this.board.endpoints()) this.#states.set(state.endpoint, uncovered(state))
  }

  /** What one probe of an endpoint saw, judged now. */
  see(id: string, seen: ProbeResult): void {
    const endpoint = this.#endpoints.find((one) => one.id === id)
    const before = this.#states.get(id)
    if (endpoint === undefined || before === undefined) throw new Error(`no endpoint ${id}`)
    const at = this.clock.now()
    const result = { ...seen, endpoint: id, at, probe: `p${at}` }
    const value = judge(endpoint, before, { result, offline: false, answeredElsewhereAt: at })
    this.#states.set(id, value)
    void this.bus.publish(this.#windows.over({ kind: 'endpoint', id, value }))
  }

  /** One minute after the other; in each, every endpoint gives the result that `sees` says. */
  async minutes(count: number, sees: (id: string, minute: number) => ProbeResult): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      for (const { id } of this.#endpoints) this.see(id, sees(id, minute))
      await this.clock.advance(MINUTE)
    }
  }

  state(id: string): EndpointState {
    const state = this.board.endpoint(id)?.log.value
    if (!state) throw new Error(`no state of ${id}`)
    return state
  }

  /** What the prober knows of an endpoint. */
  judged(id: string): EndpointState | undefined {
    return this.#states.get(id)
  }

  /** A payer's roll-up. */
  rollUp(payer: string): string | undefined {
    return this.board.payer(payer)?.log.value?.status
  }

  [Symbol.dispose](): void {
    this.#end()
  }

  #start() {
    const { clock, board, bus, log } = this
    const stateOf = (id: string) => board.endpoint(id)?.log.value ?? undefined
    const common = {
      publish: (record: Parameters<LocalBus['publish']>[0]) => void bus.publish(record),
      endpointsOf: (payer: string) => board.endpointsOf(payer),
      stateOf,
      defer: queueMicrotask,
    }
    const windows = new WindowKeeper({ ...common, clock, log })
    const keeper: Keeper = new Keeper({
      ...common,
      payer: entryOf,
      whereIs: (id) => this.#endpoints.find((one) => one.id === id),
      newIncidentId: () => `inc_${String(++this.#incidents).padStart(26, '0')}`,
      now: () => clock.now(),
      after: (ms, run) => clock.after(ms, run),
    })
    let isCurrent = true
    bus.subscribe((entry) => {
      if (!isCurrent) return
      windows.onEntry(entry)
      keeper.onEntry(entry)
    })
    const end = () => {
      isCurrent = false
      windows[Symbol.dispose]()
      keeper[Symbol.dispose]()
    }
    return { windows, end }
  }
}

function entryOf(payer: string) {
  return { payer, name: payer, aliases: [], identifiers: [] }
}
