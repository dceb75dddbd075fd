import { burstOf, type Share } from './gate.ts'

/** The budget that holds probes up longest. */
export type Slowest = Pick<Share, 'of' | 'name' | 'perMinute'> & {
  /** How many count against it. */
  probes: number
  /** When the last of them may begin, ms after the first, if nothing else is asked of it. */
  ms: number
}

/**
 * The budget that holds up longest whoever sends these probes once, each with the budgets it counts against; undefined
 * where none limits how many are sent in a minute. It is the least there is: places and further attempts are not in it.
 */
export function slowestOf(probes: Iterable<readonly Share[]>): Slowest | undefined {
  const budgets = new Map<string, Slowest>()
  for (const shares of probes)
    for (const { of, name, perMinute } of shares) {
      const key = `${of} ${name}`
      const known = budgets.get(key) ?? { of, name, perMinute, probes: 0, ms: 0 }
      known.probes++
      known.perMinute = Math.max(known.perMinute, perMinute) // two networks may have two limits
      budgets.set(key, known)
    }
  const [slowest] = [...budgets.values()].map(timed).sort((a, b) => b.ms - a.ms)
  return slowest?.ms ? slowest : undefined
}

function timed(budget: Slowest): Slowest {
  const { probes, perMinute } = budget
  return { ...budget, ms: Math.max(0, ((probes - burstOf(perMinute)) / perMinute) * 60_000) }
}
