import { errorCode } from '../lib/errors.ts'
import type { Clock } from '../ports.ts'

/** Longest wait for the workers' metrics at a scrape; Prometheus itself gives up after 10 s. */
const MAX_WAIT_MS = 1_000

/** What is used of a metric in prom-client's JSON form. */
export type MetricJson = { name: string; type?: string; values: ValueJson[] }
type ValueJson = { value: number; labels: object; metricName?: string }

/** Workers that are asked for their metrics; `known` is what stands for them while they do not answer. */
export type Workers = { ask: () => Promise<object[]>; known?: () => object[] }

/** The workers' metrics, or why there are none. Never rejects and never waits longer than a second. */
export async function askWorkers(
  clock: Clock,
  workers: () => Promise<object[]>,
): Promise<{ metrics: MetricJson[] } | { failed: string }> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const cancel = clock.after(MAX_WAIT_MS, () => resolve('late'))
  try {
    const answer = await Promise.race([workers(), late])
    if (answer === 'late') return { failed: 'late' }
    // Figures of the process are the same in every thread: they are not added up.
    const metrics = answer.flat().filter(isMetric)
    return { metrics: metrics.filter(({ name }) => !/^(?:process|nodejs)_/.test(name)) }
  } catch (error) {
    return { failed: errorCode(error) }
  } finally {
    cancel()
  }
}

/** The process's own metrics; what prom-client would leave out of a sum, such as when it started, is taken as it is. */
export function withOwnFirst<M extends { aggregator: string }>(own: readonly M[]): M[] {
  return own.map((metric) =>
    metric.aggregator === 'omit' ? { ...metric, aggregator: 'first' } : metric,
  )
}

function isMetric(value: object): value is MetricJson {
  return (
    'name' in value &&
    typeof value.name === 'string' &&
    'values' in value &&
    Array.isArray(value.values)
  )
}

/**
 * One worker's metrics as it told them last. What was counted by threads that have ended stays counted: a counter that
 * falls would look as if everything had begun anew.
 */
export class LastingMetrics {
  #last: MetricJson[] = []
  #outlived: MetricJson[] = []

  /** What the thread that is there has told last, beside what those before it had counted. */
  get all(): object[] {
    return [...this.#outlived, ...this.#last]
  }

  /** Takes what the thread tells now. */
  told(metrics: readonly object[]): void {
    this.#last = metrics.filter(isMetric)
  }

  /** The thread has ended: what it counted is kept, what was true of it at that moment is true no more. */
  ended(): void {
    const counted = this.#last.filter(({ type }) => type === 'counter' || type === 'histogram')
    this.#outlived = addedUp([...this.#outlived, ...counted])
    this.#last = []
  }
}

/** Each metric once, each of its series the sum of those of the same labels. */
function addedUp(metrics: readonly MetricJson[]): MetricJson[] {
  const byName = Map.groupBy(metrics, ({ name }) => name)
  return [...byName.values()].map((same) => {
    const values = same.flatMap((metric) => metric.values)
    const series = Map.groupBy(values, ({ metricName, labels }) =>
      JSON.stringify([metricName, labels]),
    )
    return { ...metricOf(same), values: [...series.values()].map(sumOf) }
  })
}

function metricOf([first]: readonly MetricJson[]): MetricJson {
  return first ?? { name: '', values: [] }
}

function sumOf(values: readonly ValueJson[]): ValueJson {
  const value = values.reduce((sum, each) => sum + each.value, 0)
  return { labels: {}, ...values[0], value }
}
