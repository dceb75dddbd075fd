import { Counter, Gauge, type Registry } from './prom.ts'

/** How much maintenance is announced, and how often it took longer since the start. */
export type WindowFigures = {
  windows: Readonly<Record<string, number>>
  plans: Readonly<Record<string, number>>
  overruns: number
}

/** Announced maintenance, as operators can graph it; read at every scrape. */
export function registerWindows(registry: Registry, figures: () => WindowFigures): void {
  const registers = [registry]
  new Gauge({
    name: 'payer_status_maintenance_windows',
    help: 'Windows of announced maintenance that are not completed, by state',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, count] of Object.entries(figures().windows)) this.set({ state }, count)
    },
  })
  new Gauge({
    name: 'payer_status_maintenance_plans',
    help: 'Announcements of maintenance that windows are made of, by where they were made',
    labelNames: ['origin'],
    registers,
    collect() {
      for (const [origin, count] of Object.entries(figures().plans)) this.set({ origin }, count)
    },
  })
  new Counter({
    name: 'payer_status_maintenance_overruns_total',
    help: 'Windows after whose end something was still out when the grace was over',
    registers,
    collect() {
      this.reset()
      this.inc(figures().overruns)
    },
  })
}
