import { setTimeout } from 'node:timers/promises'
import { clientsOf, fewer } from '../harness/bench.ts'
import type { Monitor } from '../harness/monitor.ts'
import { observe, setStage, warmUp } from '../harness/stage.ts'
import type { Scenario } from '../scenario.ts'
import { median } from '../statistics.ts'

/** One of so many stops reading. */
const ONE_IN = 20
/** Everybody reads, and then the others do, for so many measurements' length each: memory grows for a while by itself. */
const TIMES = 3
const SAMPLES = 5
const SAMPLE_SECONDS = 5

/** What stuck clients cost the others. */
export const slow: Scenario = {
  name: 'slow',
  sentence:
    'What the others notice when one client in twenty stops reading for 30 s: 5,000 clients on everything, 100 endpoints at 1 s',
  figures: [
    { name: 'growth of p99', unit: '%', better: 'less', least: 10, aim: 0 },
    { name: 'growth of memory', unit: 'MB', better: 'less', least: 20, aim: 5 },
    { name: 'p99 before', unit: 'ms' },
    { name: 'p99 during', unit: 'ms', better: 'less' },
    { name: 'gateway CPU before', unit: '%' },
    { name: 'gateway CPU during', unit: '%' },
    { name: 'clients stopped', unit: '' },
    { name: 'clients closed', unit: '' },
    { name: 'others that got updates', unit: '%' },
  ],
  round: async (bench) => {
    const clients = clientsOf(bench, 5_000)
    const stopped = Math.ceil(clients / ONE_IN)
    const setting = { clients, endpoints: fewer(bench, 100, 10), intervalSeconds: 1 }
    await using stage = await setStage(bench, setting)
    await warmUp(stage, setting, bench)
    const seconds = bench.seconds * fewer(bench, TIMES, 1)
    const before = await observe(stage, seconds)
    const memoryBefore = await settledMemory(stage.monitor, fewer(bench, SAMPLE_SECONDS, 0))
    await stage.load.stop(stopped)
    const during = await observe(stage, seconds)
    const memoryAfter = await settledMemory(stage.monitor, fewer(bench, SAMPLE_SECONDS, 0))
    const p99 = { before: before.report.latency.p99, during: during.report.latency.p99 }
    return {
      'growth of p99': (p99.during / p99.before - 1) * 100,
      'growth of memory': (memoryAfter - memoryBefore) / 1e6,
      'p99 before': p99.before,
      'p99 during': p99.during,
      'gateway CPU before': (before.gateway / before.seconds) * 100,
      'gateway CPU during': (during.gateway / during.seconds) * 100,
      'clients stopped': stopped,
      'clients closed': during.report.closed,
      'others that got updates': (during.report.reached / (clients - stopped)) * 100,
    }
  },
}

/** The middle of some looks: memory goes up and down with the garbage collector. */
async function settledMemory(monitor: Monitor, seconds: number): Promise<number> {
  const samples: number[] = []
  while (samples.length < SAMPLES) {
    samples.push(await monitor.memory())
    await setTimeout((seconds * 1_000) / SAMPLES)
  }
  return median(samples)
}
