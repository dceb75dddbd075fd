import type { Bench } from './bench.ts'
import { Floor } from './floor.ts'
import { LoadClient } from './load-client.ts'
import type { Window } from './stage.ts'

/** What a write costs, and the latency from the first write of a sweep to the client. */
export type FloorCost = { cpuPerWriteUs: number; p50: number; p99: number }

/** What the floor takes for as many frames of the same mean size, as often, to as many clients. */
export async function floorCost(bench: Bench, like: Window, clients: number): Promise<FloorCost> {
  const { frames, bytes } = like.report
  const sweeps = frames / clients
  await using floor = await Floor.start(bench)
  const args = ['--marker', '"ts":"', '--stamp', 'mono']
  await using load = await LoadClient.start(bench, { port: floor.port, clients, args })
  await load.opened()
  const what = { intervalMs: (like.seconds / sweeps) * 1_000, bytes: bytes / frames }
  await floor.publish({ times: 2, ...what })
  await load.mark()
  const done = await floor.publish({ times: Math.max(1, Math.round(sweeps)), ...what })
  const report = await load.until((report) => report.frames >= done.writes, 'all frames came')
  return {
    cpuPerWriteUs: (done.cpuSeconds / done.writes) * 1e6,
    p50: report.latency.p50,
    p99: report.latency.p99,
  }
}
