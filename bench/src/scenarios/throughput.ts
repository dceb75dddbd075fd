import { clientsOf, fewer } from '../harness/bench.ts'
import { observe, setStage, warmUp } from '../harness/stage.ts'
import type { Scenario } from '../scenario.ts'

const ENDPOINTS = 200

/** So many changes that every frame carries dozens. */
export const throughput: Scenario = {
  name: 'throughput',
  sentence:
    'Updates delivered for each second of gateway CPU: 10,000 clients on everything, 200 endpoints at 1 s',
  figures: [
    {
      name: 'updates per CPU second',
      unit: '',
      better: 'more',
      least: 700_000,
      aim: 1_200_000,
    },
    { name: 'updates per second', unit: '' },
    // Values may be left out when newer ones have come; then it was not kept up with.
    { name: 'delivered', unit: '%', better: 'more' },
    { name: 'updates per frame', unit: '' },
    { name: 'megabytes per second', unit: 'MB' },
    { name: 'gateway CPU', unit: '%' },
    { name: 'load client CPU', unit: '%' },
    { name: 'p99', unit: 'ms' },
  ],
  round: async (bench) => {
    const clients = clientsOf(bench, 10_000)
    const endpoints = fewer(bench, ENDPOINTS, 20)
    const setting = { clients, endpoints, intervalSeconds: 1 }
    await using stage = await setStage(bench, setting)
    await warmUp(stage, setting, bench)
    const before = await stage.load.report()
    const { report, gateway, seconds } = await observe(stage, bench.seconds)
    return {
      'updates per CPU second': report.updates / gateway,
      'updates per second': report.updates / seconds,
      delivered: (report.updates / (endpoints * clients * seconds)) * 100,
      'updates per frame': report.updates / report.frames,
      'megabytes per second': report.bytes / seconds / 1e6,
      'gateway CPU': (gateway / seconds) * 100,
      'load client CPU': ((report.cpuSeconds - before.cpuSeconds) / seconds) * 100,
      p99: report.latency.p99,
    }
  },
}
