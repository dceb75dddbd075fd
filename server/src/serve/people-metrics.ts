import { Counter, Gauge, type Registry } from './prom.ts'

/** What people did since the start, and what is in force of it. */
export type PeopleFigures = {
  actions: ReadonlyMap<string, { done: number; refused: number }>
  paused: number
  silenced: number
}

/** What people do, as operators can graph it; read at every scrape. */
export function registerPeople(registry: Registry, figures: () => PeopleFigures): void {
  const registers = [registry]
  new Counter({
    name: 'payer_status_actions_total',
    help: 'What people asked for over the API, by outcome',
    labelNames: ['action', 'outcome'],
    registers,
    collect() {
      this.reset()
      for (const [action, { done, refused }] of figures().actions) {
        this.inc({ action, outcome: 'done' }, done)
        this.inc({ action, outcome: 'refused' }, refused)
      }
    },
  })
  new Gauge({
    name: 'payer_status_endpoints_paused',
    help: 'Endpoints that people have paused',
    registers,
    collect() {
      this.set(figures().paused)
    },
  })
  new Gauge({
    name: 'payer_status_endpoints_silenced',
    help: 'Endpoints of which people want no alerts',
    registers,
    collect() {
      this.set(figures().silenced)
    },
  })
}
