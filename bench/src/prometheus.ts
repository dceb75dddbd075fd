/** Reading what Prometheus would read. */

/** A histogram: how many observations were not above each bound, in rising order; the last bound is infinite. */
export type Buckets = readonly { bound: number; count: number }[]

/** The value of a series without labels, or the sum over its labels. NaN where there is none. */
export function sumOf(text: string, name: string): number {
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))]
  if (values.length === 0) return Number.NaN
  return values.reduce((sum, [, value]) => sum + Number(value), 0)
}

/** The buckets of a histogram without labels of its own. */
export function bucketsOf(text: string, name: string): Buckets {
  const lines = text.matchAll(new RegExp(`^${name}_bucket\\{le="([^"]+)"\\} (\\S+)$`, 'gm'))
  return [...lines]
    .map(([, bound, count]) => ({
      bound: bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound),
      count: Number(count),
    }))
    .sort((a, b) => a.bound - b.bound)
}

/** What came between two looks at the same histogram. */
export function since(before: Buckets, after: Buckets): Buckets {
  const earlier = new Map(before.map(({ bound, count }) => [bound, count]))
  return after.map(({ bound, count }) => ({ bound, count: count - (earlier.get(bound) ?? 0) }))
}

/**
 * The value that the share `share` did not exceed, interpolated inside its bucket as Prometheus' `histogram_quantile`
 * does: exact only to the width of that bucket. In the last bucket, the greatest bound that is known.
 */
export function quantile(buckets: Buckets, share: number): number {
  const total = buckets.at(-1)?.count ?? 0
  if (total === 0) return Number.NaN
  const rank = share * total
  const at = buckets.findIndex(({ count }) => count >= rank)
  const { bound = 0, count = 0 } = buckets[at] ?? {}
  const below = buckets[at - 1] ?? { bound: 0, count: 0 }
  if (!Number.isFinite(bound)) return below.bound
  if (count === below.count) return bound
  return below.bound + ((bound - below.bound) * (rank - below.count)) / (count - below.count)
}
