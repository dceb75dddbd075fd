import type { Capability } from '@payer-status/protocol'
import type { Endpoint } from '../config/config.ts'
import type { ProbeResult } from '../model.ts'
import type { Clock } from '../ports.ts'
import { healthOf } from './health.ts'

/** How far back answers count, minutes. */
const MINUTES = 15
/** Fewer answers than this say nothing of the rest. */
const LEAST_ANSWERS = 3

/** Transactions that someone waits for may take 20 s at each of nine in ten. Source: CAQH CORE rule 156. */
const REAL_TIME: ReadonlySet<Capability> = new Set(['eligibility', 'claim_status', 'prior_auth'])
const REAL_TIME_MS = 20_000
const OTHERS_MS = 10_000

/** How many answers came within one minute, and how many of them took too long. */
type Slot = { minute: number; answers: number; slow: number }
type Pace = { since: number; slots: Slot[] }

/** Knows of each endpoint whether the 90th percentile of its answers of the last quarter of an hour is too high. */
export class Paces {
  readonly #clock: Clock
  readonly #paces = new Map<string, Pace>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Notes a result. Whether answers take too long of late; undefined when there are too few to say. */
  observe(
    { id, capability }: Pick<Endpoint, 'id' | 'capability'>,
    result: ProbeResult,
  ): boolean | undefined {
    const minute = Math.floor(this.#clock.monotonic() / 60_000)
    const pace = this.#paces.get(id) ?? { since: minute, slots: [] }
    this.#paces.set(id, pace)
    while (pace.slots[0] && pace.slots[0].minute <= minute - MINUTES) pace.slots.shift()
    const health = healthOf(result)
    if (health === 'healthy' || health === 'degraded')
      note(pace.slots, { minute, isSlow: result.latencyMs > longestFor(capability) })
    return isSlow(pace, minute)
  }

  /** Forgets endpoints that are no longer probed. */
  keepOnly(endpoints: { has(id: string): boolean }): void {
    for (const id of this.#paces.keys()) if (!endpoints.has(id)) this.#paces.delete(id)
  }
}

function longestFor(capability: Capability | null): number {
  return capability !== null && REAL_TIME.has(capability) ? REAL_TIME_MS : OTHERS_MS
}

function note(slots: Slot[], { minute, isSlow }: { minute: number; isSlow: boolean }): void {
  let slot = slots.at(-1)
  if (slot?.minute !== minute) {
    slot = { minute, answers: 0, slow: 0 }
    slots.push(slot)
  }
  slot.answers++
  if (isSlow) slot.slow++
}

/** By nearest rank: the percentile is too high when fewer answers than its rank were in time. */
function isSlow({ since, slots }: Pace, minute: number): boolean | undefined {
  let answers = 0
  let slow = 0
  for (const slot of slots) {
    answers += slot.answers
    slow += slot.slow
  }
  if (answers < LEAST_ANSWERS) return minute - since < MINUTES ? undefined : false
  return answers - slow < Math.ceil(0.9 * answers)
}
