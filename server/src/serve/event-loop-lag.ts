import { monitorEventLoopDelay } from 'node:perf_hooks'

/** What Node measures with. */
type IntervalHistogram = ReturnType<typeof monitorEventLoopDelay>

const RESOLUTION_MS = 10

/** Starts measuring how late timers are. */
export function measureLag(): IntervalHistogram {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  return histogram
}

/**
 * Lag since it was taken before, s, so that a short stall is seen once and then forgotten. The histogram holds the time
 * from one measuring to the next, which is never less than its resolution: that is no lag.
 */
export function takeLag(
  histogram: Pick<IntervalHistogram, 'percentile' | 'max' | 'reset'>,
): Record<'p50' | 'p99' | 'max', number> {
  const seconds = (ns: number) => Math.max(0, ns / 1e6 - RESOLUTION_MS) / 1e3
  const lag = {
    p50: seconds(histogram.percentile(50)),
    p99: seconds(histogram.percentile(99)),
    max: seconds(histogram.max),
  }
  histogram.reset()
  return lag
}
