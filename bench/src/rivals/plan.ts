import { topicName } from './change.ts'
import type { Offer } from './rival.ts'

/** What servers are compared on: so many clients, and so many changes a second. */
export type Plan = {
  clients: number
  changesPerSecond: number
  /** How many changes are published together. */
  batch: number
  /** Every change is of a topic of its own, and each client has one topic. Otherwise all have everything. */
  isFiltered: boolean
  seconds: number
}

/** What one server did with a plan. */
export type Pushed = {
  /** Seconds on a core for a million changes delivered. */
  cpuPerMillion: number
  /** Of the deliveries that were offered, in per cent, those that arrived until a second after. */
  delivered: number
  /** From when a change was due to its arrival, ms. */
  p50: number
  p99: number
  /** Memory grown since there were no clients, for each; what the monitor remembers of its probes is in it. */
  kbPerClient: number
}

/** What clients cost one server before anything is pushed. */
export type Idle = {
  /** Until it is connected and subscribed, ms on a core. */
  cpuPerConnect: number
  /** As many as a second of one core is enough for. */
  connectsPerSecond: number
  /** Memory that each client adds. */
  kbPerClient: number
}

/** The topics of a plan, if it has any. */
export function topicsOf({ isFiltered, changesPerSecond }: Plan): string[] | undefined {
  return isFiltered ? Array.from({ length: changesPerSecond }, (_, i) => topicName(i)) : undefined
}

/** The plan as a rival is offered it, with messages of that size. */
export function offerOf(plan: Plan, bytes: number): Offer {
  const topics = topicsOf(plan)
  const { batch, changesPerSecond, seconds } = plan
  return {
    count: changesPerSecond * seconds,
    batch,
    intervalMs: (batch / changesPerSecond) * 1_000,
    bytes,
    ...(topics !== undefined && { topics }),
  }
}

/** How many deliveries that makes: a change of a topic goes to its clients only. */
export function deliveriesOf({ clients, changesPerSecond, seconds, isFiltered }: Plan): number {
  return clients * seconds * (isFiltered ? 1 : changesPerSecond)
}
