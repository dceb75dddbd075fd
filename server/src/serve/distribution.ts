/** How often values fell into each of some ranges, as Prometheus' histograms tell it. */
export class Distribution {
  /** Upper bounds of the ranges, inclusive, ascending; above the last there is one more. */
  readonly bounds: readonly number[]
  /** Values in each range, not summed up. */
  readonly counts: number[]
  sum = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0)
  }

  /** How many values there were. */
  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0)
  }

  observe(value: number): void {
    let range = 0
    while (range < this.bounds.length && value > (this.bounds[range] ?? 0)) range++
    this.counts[range] = (this.counts[range] ?? 0) + 1
    this.sum += value
  }
}
