import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Bench, fewer } from '../harness/bench.ts'
import { Child } from '../rivals/child.ts'
import type { Scenario } from '../scenario.ts'

const PROGRAM = fileURLToPath(new URL('../store/run.ts', import.meta.url))

/** What it costs to remember results. */
export const storeWrite: Scenario = {
  name: 'store-write',
  sentence:
    'CPU of the store at 2,000 results a second of 10,000 endpoints, packing included, and what a result takes on disk: SQLite, simulated time',
  figures: [
    { name: 'CPU at 2,000 results/s', unit: '%', better: 'less', least: 25, aim: 10 },
    { name: 'CPU per result', unit: 'µs', better: 'less' },
    { name: 'bytes per result on disk', unit: 'B', better: 'less', least: 120, aim: 40 },
    { name: 'results', unit: '' },
  ],
  round: async (bench) => {
    const asked = {
      task: 'write',
      endpoints: fewer(bench, 10_000, 100),
      length: fewer(bench, 30, 1),
    }
    const { rows, cpuSeconds, simulatedSeconds, bytes } = await run<Written>(bench, asked)
    return {
      'CPU at 2,000 results/s': (cpuSeconds / simulatedSeconds) * 100,
      'CPU per result': (cpuSeconds / rows) * 1e6,
      'bytes per result on disk': bytes / rows,
      results: rows,
    }
  },
}

/** How fast history is read. */
export const storeRead: Scenario = {
  name: 'store-read',
  sentence:
    'Time to read the latencies of one endpoint over 90 days (5 min apart, 50 endpoints), and the days of 10,000 endpoints over 90 days: SQLite',
  figures: [
    { name: 'chart of 90 days, slowest endpoint', unit: 'ms', better: 'less', least: 50, aim: 20 },
    { name: 'chart of 90 days', unit: 'ms', better: 'less' },
    { name: 'chart of 24 hours', unit: 'ms', better: 'less' },
    {
      name: 'strip of 90 days, 10,000 endpoints',
      unit: 'ms',
      better: 'less',
      least: 500,
      aim: 200,
    },
  ],
  round: async (bench) => {
    const days = fewer(bench, 90, 2)
    const chart = { task: 'chart', endpoints: fewer(bench, 50, 3), length: days }
    const { long, short } = await run<{ long: number[]; short: number[] }>(bench, chart)
    const strip = { task: 'strip', endpoints: fewer(bench, 10_000, 50), length: days }
    const { times } = await run<{ times: number[] }>(bench, strip)
    return {
      'chart of 90 days, slowest endpoint': long.at(-1) ?? Number.NaN,
      'chart of 90 days': median(long),
      'chart of 24 hours': median(short),
      'strip of 90 days, 10,000 endpoints': median(times),
    }
  },
}

type Written = { rows: number; cpuSeconds: number; simulatedSeconds: number; bytes: number }

async function run<T>(
  bench: Bench,
  { task, endpoints, length }: { task: string; endpoints: number; length: number },
): Promise<T> {
  const url = `sqlite:${join(bench.folder, `${task}-${endpoints}-${length}-${performance.now()}.db`)}`
  const args = ['--conditions=source', PROGRAM, task, url, String(endpoints), String(length)]
  await using child = await Child.start(process.execPath, args, { core: bench.pins?.server })
  return JSON.parse(await child.line()) as T // safe: what run.ts writes
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
