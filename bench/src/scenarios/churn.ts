import { setTimeout } from 'node:timers/promises'
import { clientsOf, fewer } from '../harness/bench.ts'
import { Inspector } from '../harness/inspector.ts'
import type { Monitor } from '../harness/monitor.ts'
import { type Stage, setStage } from '../harness/stage.ts'
import { sumOf } from '../prometheus.ts'
import { freePort } from '../rivals/child.ts'
import type { Scenario } from '../scenario.ts'

const TIMES = 50
/** Rounds until code is compiled, and what ran only at the start has been dropped. */
const WARM_UP_TIMES = 60
/** Between two looks at whether everyone has gone, ms. */
const LOOK_MS = 100

/** Whether anything stays of clients that have gone. */
export const churn: Scenario = {
  name: 'churn',
  sentence:
    'What is left of 2,000 clients that connect and are cut off, 50 times: heap after a collection, and descriptors',
  figures: [
    { name: 'growth of the heap', unit: '%', better: 'less', least: 2 },
    { name: 'growth of descriptors', unit: '%', better: 'less', least: 2 },
    { name: 'heap before', unit: 'MB' },
    { name: 'heap after', unit: 'MB' },
    { name: 'descriptors before', unit: '' },
    { name: 'descriptors after', unit: '' },
    { name: 'clients per second', unit: '' },
  ],
  round: async (bench) => {
    const port = await freePort()
    const how = { node: [`--inspect=127.0.0.1:${port}`, '--inspect-publish-uid=http'] }
    const clients = clientsOf(bench, 2_000)
    const setting = { clients, endpoints: 10, intervalSeconds: 1, how }
    await using stage = await setStage(bench, setting)
    await using inspector = await Inspector.connect(port)
    await comeAndGo(stage, fewer(bench, WARM_UP_TIMES, 2))
    const before = await remains(stage, inspector)
    const began = performance.now()
    const times = fewer(bench, TIMES, 3)
    await comeAndGo(stage, times)
    const seconds = (performance.now() - began) / 1_000
    const after = await remains(stage, inspector)
    return {
      'growth of the heap': (after.heap / before.heap - 1) * 100,
      'growth of descriptors': (after.descriptors / before.descriptors - 1) * 100,
      'heap before': before.heap / 1e6,
      'heap after': after.heap / 1e6,
      'descriptors before': before.descriptors,
      'descriptors after': after.descriptors,
      'clients per second': (times * clients) / seconds,
    }
  },
}

/** Ends with nobody connected. */
async function comeAndGo({ load, monitor }: Stage, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await load.cut()
    await load.mark()
    load.connect()
    await load.opened()
    await load.until(({ snapshots }) => snapshots >= load.clients, 'every client had its snapshot')
  }
  await load.cut()
  await emptied(monitor)
}

/** Waits until the monitor has noticed that everyone has gone. */
async function emptied(monitor: Monitor): Promise<void> {
  const connected = async () =>
    sumOf(await monitor.scrape(), 'payer_status_websocket_connections_active')
  while ((await connected()) > 0) await setTimeout(LOOK_MS)
}

async function remains({ monitor }: Stage, inspector: Inspector) {
  const heap = await inspector.heapAfterCollection()
  return { heap, descriptors: await monitor.descriptors() }
}
