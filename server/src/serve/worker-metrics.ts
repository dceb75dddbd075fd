import { errorCode } from '../lib/errors.ts'
import type { Clock } from '../ports.ts'

/** Longest wait for the workers' metrics at a scrape; Prometheus itself gives up after 10 s. */
const MAX_WAIT_MS = 1_000

/** What is used of a metric in prom-client's JSON form. */
export type MetricJson = { name: string; values: object[] }

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
