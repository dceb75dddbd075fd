import type { Scheduler } from './scheduler.ts'

/** Upper bounds of the lag histogram, seconds. */
const BOUNDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

/** How late probes started, counted in buckets. */
export class LagHistogram {
  readonly #counts = BOUNDS.map(() => 0)
  #sum = 0
  #count = 0

  observe(ms: number): void {
    const seconds = ms / 1_000
    this.#sum += seconds
    this.#count++
    for (const [i, bound] of BOUNDS.entries())
      if (seconds <= bound) this.#counts[i] = (this.#counts[i] ?? 0) + 1
  }

  /** Its series, in prom-client's JSON form. */
  values(name: string): object[] {
    const bucket = (le: number | string, value: number) => ({
      labels: { le },
      metricName: `${name}_bucket`,
      value,
    })
    return [
      ...BOUNDS.map((bound, i) => bucket(bound, this.#counts[i] ?? 0)),
      bucket('+Inf', this.#count),
      { labels: {}, metricName: `${name}_sum`, value: this.#sum },
      { labels: {}, metricName: `${name}_count`, value: this.#count },
    ]
  }
}

/** The prober side's metrics in prom-client's JSON form, for the thread that serves them. */
export function schedulerMetrics(
  { counts, load }: Pick<Scheduler<unknown>, 'counts' | 'load'>,
  lag: LagHistogram,
  { offline }: { offline: boolean },
): object[] {
  const lagName = 'payer_status_scheduler_lag_seconds'
  return [
    counter('payer_status_scheduler_due_total', 'Probes that became due', [[{}, counts.due]]),
    counter('payer_status_scheduler_started_total', 'Probes that were started', [
      [{}, counts.started],
    ]),
    counter(
      'payer_status_scheduler_deferred_total',
      'Due probes that had to wait, by what for',
      Object.entries(counts.deferred).map(([reason, count]) => [{ reason }, count]),
    ),
    counter(
      'payer_status_scheduler_coalesced_total',
      'Due times that passed while the endpoint was still being probed',
      [[{}, counts.coalesced]],
    ),
    counter(
      'payer_status_scheduler_retries_total',
      'Further attempts of a probe, by whether there were tokens for them',
      Object.entries(counts.retries).map(([outcome, count]) => [{ outcome }, count]),
    ),
    gauge('payer_status_scheduler_running', 'Probes that run now', load.running),
    gauge(
      'payer_status_scheduler_waiting',
      'Probes that are due and wait for a place',
      load.waiting,
    ),
    gauge('payer_status_vantage_offline', 'Whether nothing answers from here', offline ? 1 : 0),
    {
      name: lagName,
      help: 'How late probes started',
      type: 'histogram',
      aggregator: 'sum',
      values: lag.values(lagName),
    },
  ]
}

function counter(name: string, help: string, values: [Record<string, string>, number][]): object {
  const series = values.map(([labels, value]) => ({ labels, value }))
  return { name, help, type: 'counter', aggregator: 'sum', values: series }
}

function gauge(name: string, help: string, value: number): object {
  return { name, help, type: 'gauge', aggregator: 'sum', values: [{ labels: {}, value }] }
}
