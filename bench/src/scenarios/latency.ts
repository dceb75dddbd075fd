import { type Bench, clientsOf, fewer } from '../harness/bench.ts'
import { UnknownSettingError } from '../harness/monitor.ts'
import { observe, setStage, type Window, warmUp } from '../harness/stage.ts'
import type { Readings, Scenario } from '../scenario.ts'

/** How soon everyone knows. */
export const latency: Scenario = {
  name: 'latency',
  sentence:
    'From the end of a probe to each of 10,000 clients on everything: 10 endpoints at 1 s, gateway of one thread and of two',
  figures: [
    { name: 'p50, one thread', unit: 'ms', better: 'less' },
    { name: 'p99, one thread', unit: 'ms', better: 'less', least: 160 },
    { name: 'p50, two threads', unit: 'ms', better: 'less' },
    { name: 'p99, two threads', unit: 'ms', better: 'less', least: 160, aim: 100 },
    { name: 'updates per second, one thread', unit: '' },
    { name: 'updates per second, two threads', unit: '' },
    { name: 'gateway CPU, one thread', unit: '%' },
    { name: 'gateway CPU, two threads', unit: '%' },
  ],
  charts: [
    {
      title: 'From the end of a probe to 10,000 clients, 99th percentile',
      unit: 'ms',
      bars: [
        { label: 'one thread', figure: 'p99, one thread' },
        { label: 'two threads', figure: 'p99, two threads', isOurs: true },
      ],
    },
  ],
  round: async (bench) => ({
    ...readings('one thread', await push(bench, undefined)),
    ...(await twoThreads(bench)),
  }),
}

function readings(threads: string, { report, seconds, gateway }: Window): Readings {
  return {
    [`p50, ${threads}`]: report.latency.p50,
    [`p99, ${threads}`]: report.latency.p99,
    [`updates per second, ${threads}`]: report.updates / seconds,
    [`gateway CPU, ${threads}`]: (gateway / seconds) * 100,
  }
}

async function twoThreads(bench: Bench): Promise<Readings> {
  try {
    return readings('two threads', await push(bench, 2))
  } catch (error) {
    if (!(error instanceof UnknownSettingError)) throw error
    bench.say(`latency with two threads is left out: ${error.message}`)
    return {}
  }
}

async function push(bench: Bench, gatewayThreads: number | undefined): Promise<Window> {
  const endpoints = fewer(bench, 10, 5)
  const clients = clientsOf(bench, 10_000)
  const setting = { clients, endpoints, intervalSeconds: 1, gatewayThreads }
  await using stage = await setStage(bench, setting)
  await warmUp(stage, setting, bench)
  return await observe(stage, bench.seconds)
}
