/** The only file that knows prom-client, and what we add to it. */
import { Histogram, type MetricType, type Registry } from 'prom-client'
import type { Distribution } from './distribution.ts'

export {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  Registry,
} from 'prom-client'

/** safe: the package's declarations number what it really calls by name. */
const HISTOGRAM = 'histogram' as unknown as MetricType

/** What a histogram shows, and under which name. */
export type CountedHistogramOf = { name: string; help: string; read: () => Distribution }

/** A histogram whose values are counted elsewhere, where counting must cost next to nothing. */
export class CountedHistogram extends Histogram {
  readonly #of: CountedHistogramOf

  constructor(registry: Registry, of: CountedHistogramOf) {
    super({ name: of.name, help: of.help, buckets: [...of.read().bounds], registers: [registry] })
    this.#of = of
  }

  override async get() {
    const { name, help, read } = this.#of
    const { bounds, counts, count, sum } = read()
    let below = 0
    const buckets = bounds.map((le, range) => {
      below += counts[range] ?? 0
      return { metricName: `${name}_bucket`, labels: { le }, value: below }
    })
    const values = [
      ...buckets,
      { metricName: `${name}_bucket`, labels: { le: '+Inf' }, value: count },
      { metricName: `${name}_sum`, labels: {}, value: sum },
      { metricName: `${name}_count`, labels: {}, value: count },
    ]
    return { name, help, type: HISTOGRAM, aggregator: 'sum' as const, collect: () => {}, values }
  }

  /** What the registry calls instead of `get` for its text form. */
  getForPromString() {
    return this.get()
  }
}
