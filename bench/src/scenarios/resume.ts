import { clientsOf, fewer } from '../harness/bench.ts'
import { LateError, type LoadClient, type Resumed } from '../harness/load-client.ts'
import { setStage, warmUp } from '../harness/stage.ts'
import type { Scenario } from '../scenario.ts'

/** Whoever is not back then is not waited for. */
const LIMIT_MS = 60_000

/** Everyone is cut off and comes back at once. */
export const resume: Scenario = {
  name: 'resume',
  sentence:
    'Until 10,000 clients that were cut off have come back at once and know what they missed: 100 endpoints at 1 s',
  figures: [
    { name: 'seconds until all caught up', unit: 's', better: 'less', least: 5, aim: 2 },
    { name: 'seconds until all connected', unit: 's', better: 'less' },
    { name: 'resumed without a snapshot', unit: '%', better: 'more', least: 100 },
    { name: 'clients that came back', unit: '%', better: 'more', least: 100 },
    { name: 'gateway CPU', unit: 's' },
  ],
  round: async (bench) => {
    const clients = clientsOf(bench, 10_000)
    const setting = { clients, endpoints: fewer(bench, 100, 10), intervalSeconds: 1 }
    await using stage = await setStage(bench, setting)
    const { load, monitor } = stage
    await warmUp(stage, setting, bench)
    await load.cut()
    const before = await monitor.cpu()
    const back = await comeBack(load)
    if (back === undefined) {
      const { open } = await load.report()
      bench.say(`not everyone had come back and caught up after ${LIMIT_MS / 1_000} s`)
      return { 'clients that came back': (open / clients) * 100 }
    }
    const after = await monitor.cpu()
    return {
      'seconds until all caught up': back.seconds,
      'seconds until all connected': back.openSeconds,
      'resumed without a snapshot': (back.updates / clients) * 100,
      'clients that came back': (back.open / clients) * 100,
      'gateway CPU': after.gateway - before.gateway,
    }
  },
}

/** Undefined when not everyone has come back and caught up in time. */
async function comeBack(load: LoadClient): Promise<Resumed | undefined> {
  try {
    return await load.resume(LIMIT_MS)
  } catch (error) {
    if (error instanceof LateError) return undefined
    throw error
  }
}
