import { Counter, Gauge, type Registry } from './prom.ts'

/** The threads that serve clients; `threads` is read at every scrape. */
export function registerThreads(
  registry: Registry,
  threads: () => { serving: number; restarts: number },
): void {
  const registers = [registry]
  new Gauge({
    name: 'payer_status_gateway_threads',
    help: 'Threads that serve clients now',
    registers,
    collect() {
      this.set(threads().serving)
    },
  })
  new Counter({
    name: 'payer_status_gateway_restarts_total',
    help: 'Times a gateway thread was started again after it ended',
    registers,
    collect() {
      this.reset()
      this.inc(threads().restarts)
    },
  })
}
