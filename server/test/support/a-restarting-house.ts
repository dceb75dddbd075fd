import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type App, startApp } from '../../src/app/app.ts'
import type { Outside } from '../../src/app/outside.ts'
import { type LoadOptions, loadConfig } from '../../src/config/load.ts'
import type { Observation } from '../../src/ports.ts'
import { aResult } from './builders.ts'
import { FakeClock } from './fake-clock.ts'

/** What an endpoint answers: a result without what the prober knows itself. */
export function answering(result = aResult()): Observation {
  const { endpoint: _, probe: __, at: ___, attempts: ____, via: _____, ...observation } = result
  return observation
}

/** A monitor on a clock that is moved by hand, which can be ended and started again on the same store. */
export async function aRestartingHouse(t: TestContext, outside: Partial<Outside> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'payer-status-restart-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'payers.yaml')
  const store = join(folder, 'history.db')
  const clock = new WholeClock()
  const flags = { 'server.port': '0', 'metrics.port': '0', 'store.url': `sqlite:${store}` }
  const options: LoadOptions = { path, cwd: folder, env: {}, flags, shipped: '' }
  const answers = new Map<string, Observation>()
  const http = async ({ id }: { id: string }) => answers.get(id) ?? answering()
  const house = {
    folder,
    store,
    clock,
    flags,
    /** What each endpoint answers from now on; without it, that all is well. */
    answers,
    configure: (config: object) => writeFile(path, JSON.stringify({ version: 1, ...config })),
    async start(): Promise<App> {
      const load = () => loadConfig(options)
      const app = await startApp(await load(), load, { clock, probes: { http }, ...outside })
      t.after(() => app[Symbol.asyncDispose]())
      return app
    },
  }
  return house
}

/** Tells whole milliseconds, as the system does. */
class WholeClock extends FakeClock {
  override now(): number {
    return Math.floor(super.now())
  }
}
