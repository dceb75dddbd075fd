import { isDeepStrictEqual } from 'node:util'
import type { Config, Plan } from '../config/config.ts'
import type { EndpointState, LogEntry, LogRecord, WindowRecord } from '../model.ts'
import type { Clock, Log } from '../ports.ts'
import { type Kept, WindowBook } from './window-book.ts'
import { dueOf, GRACE_MS, type Phase, phaseAt, stateOfPhase, windowOf } from './windows.ts'

type WindowDeps = {
  clock: Clock
  log: Log
  publish: (record: LogRecord) => void
  /** The states of a payer's endpoints as they are published now. */
  endpointsOf: (payer: string) => Iterable<EndpointState>
  stateOf: (endpoint: string) => EndpointState | undefined
  /** Runs something once whatever runs now has ended. */
  defer: (run: () => void) => void
}

/** How much is announced, and what came of it since the start. */
export type WindowFigures = {
  /** Windows that are not over, by state. */
  windows: Readonly<Record<Exclude<WindowRecord['state'], 'completed'>, number>>
  plans: Readonly<Record<Plan['origin'], number>>
  overruns: number
}

/** A plan, and between when what is known to be due of it holds, epoch ms. */
type Planned = { plan: Plan; from: number; until: number }

/** Longest that nobody looks at the clock, ms: it may be set. */
const MAX_WAIT_MS = 30_000

/**
 * Makes windows of plans, and tells where they stand: scheduled, in progress, completed, overrun. All it knows comes from the
 * log: a `plan` record that comes or goes is all it takes. One timer for all.
 */
export class WindowKeeper implements Disposable {
  readonly #deps: WindowDeps
  readonly #plans = new Map<string, Planned>()
  readonly #book = new WindowBook()
  #overruns = 0
  /** Before the first configuration is in force, and while something is under way, nothing is looked at. */
  #isBusy = true
  #isDeferred = false
  #isOver = false
  #cancel: (() => void) | undefined

  constructor(deps: WindowDeps) {
    this.#deps = deps
  }

  get figures(): WindowFigures {
    const windows = { scheduled: 0, in_progress: 0, overrun: 0 }
    for (const { record } of this.#book.all())
      if (record.state !== 'completed') windows[record.state]++
    const plans = { file: 0, api: 0 }
    for (const { plan } of this.#plans.values()) plans[plan.origin]++
    return { windows, plans, overruns: this.#overruns }
  }

  /** Follows the log. Windows that it does not know are those of the run before. */
  onEntry(entry: LogEntry): void {
    if (entry.kind === 'plan') this.#onPlan(entry.id, entry.value)
    if (entry.kind === 'window' && entry.value) this.#takeUp(entry.value)
    if (entry.kind !== 'endpoint' || entry.statusRev !== entry.rev) return
    if (this.#book.isAwaiting(entry.id.slice(0, entry.id.indexOf('/')))) this.#later()
  }

  /** Puts the plans of a configuration in force. What was announced of a payer that has left leaves with it. */
  apply({ maintenance, payers }: Pick<Config, 'maintenance' | 'payers'>): void {
    this.#isBusy = true
    const files = new Map(maintenance.map((plan) => [plan.id, plan]))
    const known = new Set(payers.map(({ payer }) => payer))
    const isLeft = ({ id, origin, payer }: Plan) =>
      origin === 'file' ? files.has(id) : known.has(payer)
    for (const { plan } of [...this.#plans.values()])
      if (!isLeft(plan)) this.#deps.publish({ kind: 'plan', id: plan.id, value: null })
    for (const plan of files.values())
      if (!isDeepStrictEqual(this.#plans.get(plan.id)?.plan, plan))
        this.#deps.publish({ kind: 'plan', id: plan.id, value: plan })
    this.#isBusy = false
    this.#look()
  }

  /** The record as it is to be published: what is out within announced maintenance is that. */
  over(record: LogRecord): LogRecord {
    return this.#book.overRecord(record, this.#deps.stateOf(record.id))
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    this.#cancel?.()
  }

  #onPlan(id: string, plan: Plan | null): void {
    if (plan === null) this.#plans.delete(id)
    else this.#plans.set(id, { plan, from: 0, until: 0 })
    this.#look()
  }

  #takeUp(record: WindowRecord): void {
    if (this.#book.get(record.id) !== undefined) return
    const kept = this.#book.put(record, PHASE_OF[record.state], record)
    const { clock } = this.#deps
    if (kept.phase === 'over' && kept.endsAt > clock.now()) this.#book.drop(record.id) // withdrawn
  }

  #later(): void {
    if (this.#isDeferred) return
    this.#isDeferred = true
    this.#deps.defer(() => {
      this.#isDeferred = false
      this.#look()
    })
  }

  #look(): void {
    if (this.#isBusy || this.#isOver) return
    this.#isBusy = true
    const now = this.#deps.clock.now()
    for (const planned of [...this.#plans.values()])
      if (now < planned.from || now >= planned.until) this.#plan(planned, now)
    const all = [...this.#book.all()]
    const moved = all.filter((kept) => this.#move(kept, now))
    for (const kept of all) this.#tell(kept)
    for (const payer of new Set(moved.map(({ record }) => record.payer))) this.#cover(payer)
    this.#book.expire(now)
    this.#forgetPlans()
    this.#isBusy = false
    this.#wait(now)
  }

  /** Takes in what is due of a plan. */
  #plan(planned: Planned, now: number): void {
    const { windows, until } = dueOf(planned.plan, now)
    planned.from = now
    planned.until = until
    for (const occurrence of windows) {
      const record = windowOf(planned.plan, occurrence, 'scheduled')
      const known = this.#book.get(record.id)
      const phase = known?.phase ?? 'ahead'
      const present = { ...record, state: stateOfPhase(phase) }
      if (known === undefined) this.#book.put(present, phase)
      else if (!isDeepStrictEqual(known.record, present)) known.record = present
    }
  }

  /** Brings a window to where it stands now; says whether that changes anything. */
  #move(kept: Kept, now: number): boolean {
    const before = kept.phase
    const isLeft = this.#plans.has(kept.record.plan)
    const phase = isLeft ? phaseAt(now, kept, { before, isHeld: () => this.#isHeld(kept) }) : 'over'
    if (phase === before) return false
    kept.phase = phase
    if (phase === 'overrun') this.#overruns++
    this.#say(kept, before)
    if (!isLeft) this.#book.drop(kept.record.id)
    const state = stateOfPhase(phase)
    if (state !== kept.record.state) kept.record = { ...kept.record, state }
    return true
  }

  #tell(kept: Kept): void {
    if (kept.told === kept.record) return
    kept.told = kept.record
    this.#deps.publish({ kind: 'window', id: kept.record.id, value: kept.record })
  }

  #isHeld(kept: Kept): boolean {
    for (const state of this.#deps.endpointsOf(kept.record.payer))
      if (this.#book.isHeld(kept, state)) return true
    return false
  }

  /** Publishes what windows that have begun or ended make of a payer's endpoints. */
  #cover(payer: string): void {
    for (const state of [...this.#deps.endpointsOf(payer)]) {
      const value = this.#book.again(state)
      if (!isDeepStrictEqual(value, state))
        this.#deps.publish({ kind: 'endpoint', id: state.endpoint, value })
    }
  }

  /** What was announced over the API and will not come again is forgotten once it is over. */
  #forgetPlans(): void {
    const open = new Set(
      [...this.#book.all()]
        .filter(({ phase }) => phase !== 'over')
        .map(({ record }) => record.plan),
    )
    for (const { plan, until } of [...this.#plans.values()])
      if (plan.origin === 'api' && until === Number.POSITIVE_INFINITY && !open.has(plan.id))
        this.#deps.publish({ kind: 'plan', id: plan.id, value: null })
  }

  #wait(now: number): void {
    this.#cancel?.()
    this.#cancel = undefined
    const times = [...this.#book.all()].flatMap(({ phase, startsAt, endsAt }) =>
      phase === 'over' ? [] : [startsAt, endsAt, endsAt + GRACE_MS],
    )
    for (const { until } of this.#plans.values()) times.push(until)
    if (times.length === 0) return
    const next = times.reduce((a, b) => (b > now && b < a ? b : a), now + MAX_WAIT_MS)
    this.#cancel = this.#deps.clock.after(next - now, () => this.#look())
  }

  #say({ record, phase }: Kept, before: Phase): void {
    const { log } = this.#deps
    const fields = { payer: record.payer, kind: record.kind, window: record.id }
    if (phase === 'overrun') log.warn(fields, 'maintenance overran')
    else if (phase === 'in') log.info(fields, 'maintenance began')
    else if (phase === 'over' && before !== 'ahead') log.info(fields, 'maintenance ended')
  }
}

const PHASE_OF = {
  scheduled: 'ahead',
  in_progress: 'in',
  overrun: 'overrun',
  completed: 'over',
} as const satisfies Record<WindowRecord['state'], Phase>
