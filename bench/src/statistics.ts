/** The middle one; of two middle ones their mean. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** A figure over all rounds. */
export type Spread = { median: number; min: number; max: number; rounds: readonly number[] }

/** Middle and extent of the rounds that have a value. Undefined when none has. */
export function spread(rounds: readonly (number | undefined)[]): Spread | undefined {
  const known = rounds.filter((value): value is number => Number.isFinite(value))
  if (known.length === 0) return undefined
  return {
    median: median(known),
    min: Math.min(...known),
    max: Math.max(...known),
    rounds: known,
  }
}
