/** Time stamps inside payloads, and how long ago they were. */
const ISO = /"result":\{"at":"(.{24})/g
const MONO = /"ts":"(\d{16})/g
const NS_PER_MS = 1e6
const BUCKETS_PER_MS = 10

/** How old the stamps in a text are, ms. */
export function latenciesIn(text, stamp) {
  if (stamp === 'iso') return found(ISO, text, (at) => Date.now() - Date.parse(at))
  const now = Number(process.hrtime.bigint())
  if (stamp === 'mono') return found(MONO, text, (ns) => (now - Number(ns)) / NS_PER_MS)
  return []
}

function found(pattern, text, read) {
  return [...text.matchAll(pattern)].map(([, stamp]) => read(stamp))
}

/** Latencies in buckets of a tenth of a millisecond. */
export class Latencies {
  #buckets = new Map()
  #max = 0

  add(ms) {
    const bucket = Math.ceil(Math.max(0, ms) * BUCKETS_PER_MS)
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1)
    this.#max = Math.max(this.#max, ms)
  }

  summary() {
    const sorted = [...this.#buckets].sort(([a], [b]) => a - b)
    const count = sorted.reduce((sum, [, n]) => sum + n, 0)
    const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => notAbove(sorted, share * count))
    return { count, p50, p99, p999, max: this.#max }
  }
}

function notAbove(sorted, wanted) {
  let seen = 0
  for (const [bucket, n] of sorted) {
    seen += n
    if (seen > wanted) return bucket / BUCKETS_PER_MS
  }
  return 0
}
