import type { Distribution } from './distribution.ts'
import { CountedHistogram, Counter, Gauge, type Registry } from './prom.ts'

/** What the canary has seen. */
export type CanaryFigures = {
  /** Gateway threads whose pushes arrive. */
  hearing: number
  /** Whether those of all threads do. */
  isUp: boolean
  /** Why it did not hear, and how often. */
  failures: ReadonlyMap<string, number>
  /** From the end of a probe until its result had come back over the network, s. */
  delivery: Distribution
}

/** Whether what is pushed arrives; `figures` is read at every scrape. */
export function registerCanary(registry: Registry, figures: () => CanaryFigures): void {
  const registers = [registry]
  new Gauge({
    name: 'payer_status_canary_up',
    help: 'Whether what every gateway thread pushes arrives at our own client',
    registers,
    collect() {
      this.set(figures().isUp ? 1 : 0)
    },
  })
  new Gauge({
    name: 'payer_status_canary_connected',
    help: 'Gateway threads whose pushes arrive at our own client',
    registers,
    collect() {
      this.set(figures().hearing)
    },
  })
  new Counter({
    name: 'payer_status_canary_failures_total',
    help: 'Times that our own client could not connect or did not hear what it should, by reason',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset()
      for (const [reason, count] of figures().failures) this.inc({ reason }, count)
    },
  })
  new CountedHistogram(registry, {
    name: 'payer_status_canary_delivery_seconds',
    help: 'From the end of a probe until its result arrived at our own client, one value a frame',
    read: () => figures().delivery,
  })
}
