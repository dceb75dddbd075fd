import type { Clock } from '../lib/clock.ts'
import { Gate, type Share } from './gate.ts'
import { Timetable } from './timetable.ts'

/** Something that waits for its turn. */
export type Waiting = {
  /** The budgets it counts against. */
  shares: readonly Share[]
  isQueued: boolean
}

/** What a due probe may have to wait for: a place or a token of its host or payer, or a worker. */
export type Obstacle = 'host' | 'payer' | 'host_rate' | 'payer_rate' | 'workers'

/** Who may run now: so many at once all in all, and as every budget allows, first come first served. Nobody is sent away. */
export class Places<T extends Waiting> {
  readonly #clock: Clock
  readonly #limit: number
  /** Those that every budget has let in, and that wait for a worker. Their tokens are spent. */
  readonly #ready = new Set<T>()
  readonly #gates = { host: new Map<string, Gate<T>>(), payer: new Map<string, Gate<T>>() }
  /** Gates that someone waits at for a token. */
  readonly #tokens = new Timetable<Gate<T>>()
  #running = 0
  #atGates = 0

  constructor(clock: Clock, limit: number) {
    this.#clock = clock
    this.#limit = limit
  }

  /** How many wait. */
  get waiting(): number {
    return this.#ready.size + this.#atGates
  }

  /** When the next token is there that someone waits for. */
  nextTokenAt(): number | undefined {
    return this.#tokens.nextAt()
  }

  /** Takes its place in a queue, and says what it has to wait for, if anything. */
  enqueue(item: T): Obstacle | undefined {
    item.isQueued = true
    const obstacle = this.#admit(item)
    if (obstacle !== undefined) return obstacle
    return this.#running + this.#ready.size > this.#limit ? 'workers' : undefined
  }

  /** The next that may run; it holds its places until it leaves. */
  next(): T | undefined {
    for (const gate of this.#tokens.takeDue(this.#clock.monotonic())) this.#wake(gate)
    if (this.#running >= this.#limit) return undefined
    const [item] = this.#ready
    if (item === undefined) return undefined
    this.#ready.delete(item)
    item.isQueued = false
    this.#running++
    return item
  }

  /**
   * Spends the tokens of one more attempt of what runs already, and says in how many ms they are there. Undefined, and
   * nothing is spent, where that is not within `within` ms or would keep those waiting who wait for them.
   */
  again(item: T, within: number): number | undefined {
    const { shares } = item
    const wait = this.tokensIn(item)
    const isAwaited = shares.some((share) => this.#gateOf(share).queue.size > 0)
    if (wait >= within || (isAwaited && wait > 0)) return undefined
    for (const share of shares) this.#gateOf(share).borrow(share)
    return wait
  }

  /** Time until there are tokens for `item`, ms. What else it may have to wait for is not in it. */
  tokensIn(item: T): number {
    if (this.#ready.has(item)) return 0
    return Math.max(0, ...item.shares.map((share) => this.#gateOf(share).tokenIn(item, share)))
  }

  /** Gives the places back, to those that wait for them. */
  leave(shares: readonly Share[]): void {
    this.#running--
    this.#release(shares)
  }

  /** Makes one that waits, or will, count against other budgets. */
  reshare(item: T, shares: readonly Share[]): void {
    const wasQueued = item.isQueued
    this.withdraw(item)
    item.shares = shares
    if (wasQueued) this.enqueue(item)
  }

  /** Lets one that waits, if it does, lose its turn. */
  withdraw(item: T): void {
    if (!item.isQueued) return
    item.isQueued = false
    if (this.#ready.delete(item)) this.#release(item.shares)
    else
      for (const share of item.shares) if (this.#gateOf(share).queue.delete(item)) this.#atGates--
  }

  /** Forgets the budgets of hosts and payers that are not named any more. */
  keepOnly(named: { host: ReadonlySet<string>; payer: ReadonlySet<string> }): void {
    for (const kind of ['host', 'payer'] as const)
      for (const [name, gate] of this.#gates[kind])
        if (gate.isIdle && !named[kind].has(name)) this.#gates[kind].delete(name)
  }

  /** Lets one in, or makes it wait at the first gate that is closed. */
  #admit(item: T): Obstacle | undefined {
    for (const share of item.shares) {
      const gate = this.#gateOf(share)
      const obstacle = gate.obstacle(share)
      if (obstacle === undefined) continue
      gate.queue.add(item)
      this.#atGates++
      if (obstacle === 'place') return share.of
      this.#tokens.set(gate, this.#clock.monotonic() + obstacle.tokenIn)
      return `${share.of}_rate`
    }
    for (const share of item.shares) this.#gateOf(share).enter(share)
    this.#ready.add(item)
    return undefined
  }

  /** Lets those that wait at a gate go on, in their order, as long as it is open. */
  #wake(gate: Gate<T>): void {
    for (const item of gate.queue) {
      const obstacle = this.#obstacleAt(gate, item)
      if (typeof obstacle === 'object')
        this.#tokens.set(gate, this.#clock.monotonic() + obstacle.tokenIn)
      if (obstacle !== undefined) return
      gate.queue.delete(item)
      this.#atGates--
      this.#admit(item)
    }
  }

  #obstacleAt(gate: Gate<T>, { shares }: T): ReturnType<Gate<T>['obstacle']> {
    const share = shares.find((one) => this.#gateOf(one) === gate)
    return share && gate.obstacle(share)
  }

  #release(shares: readonly Share[]): void {
    const gates = shares.map((share) => this.#gateOf(share))
    for (const gate of gates) gate.leave()
    for (const gate of gates) this.#wake(gate)
  }

  #gateOf({ of, name }: Share): Gate<T> {
    const gate = this.#gates[of].get(name) ?? new Gate<T>(this.#clock)
    this.#gates[of].set(name, gate)
    return gate
  }
}
