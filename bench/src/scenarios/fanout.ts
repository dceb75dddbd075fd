import { type Bench, clientsOf, fewer } from '../harness/bench.ts'
import { floorCost } from '../harness/beside-floor.ts'
import { observe, setStage, type Window, warmUp } from '../harness/stage.ts'
import type { Chart, Figure, Readings, Scenario } from '../scenario.ts'

const CLIENTS = 10_000

/** Every endpoint is probed each second, and everyone hears of everything. */
export const fanout: Scenario = {
  name: 'fanout',
  sentence:
    'CPU of one write to one client, beside a loop of `send` in C: 10,000 clients on everything, 100 endpoints at 1 s',
  figures: figures({ least: 1.3, aim: 1.1 }),
  charts: charts('CPU of one write to one client, frames of many updates'),
  round: (bench) => round(bench, 100),
}

/** So few changes that a frame carries one. */
export const fanoutSingle: Scenario = {
  name: 'fanout-single',
  sentence: 'The same with one update in a frame: 10,000 clients on everything, 4 endpoints at 1 s',
  figures: figures({ least: 1.35, aim: 1.15 }),
  charts: charts('CPU of one write to one client, frames of one update'),
  round: (bench) => round(bench, 4),
}

function figures(ratio: { least: number; aim: number }): Figure[] {
  return [
    { name: 'ratio to the floor', unit: '×', better: 'less', ...ratio },
    { name: 'CPU per write', unit: 'µs', better: 'less' },
    { name: 'CPU per write, floor', unit: 'µs' },
    { name: 'frames per second', unit: '' },
    { name: 'updates per frame', unit: '' },
    { name: 'bytes per frame', unit: '' },
    { name: 'gateway CPU', unit: '%' },
    { name: 'p50', unit: 'ms' },
    { name: 'p99', unit: 'ms' },
    { name: 'p99, floor', unit: 'ms' },
  ]
}

function charts(title: string): Chart[] {
  const bars = [
    { label: 'monitor', figure: 'CPU per write' },
    { label: 'loop of send in C', figure: 'CPU per write, floor' },
  ]
  return [{ title, unit: 'µs', bars }]
}

async function round(bench: Bench, endpoints: number): Promise<Readings> {
  const clients = clientsOf(bench, CLIENTS)
  const ours = await pushed(bench, clients, fewer(bench, endpoints, 10))
  const { frames, updates, bytes, latency } = ours.report
  const own = {
    'CPU per write': (ours.gateway / frames) * 1e6,
    'frames per second': frames / ours.seconds,
    'updates per frame': updates / frames,
    'bytes per frame': bytes / frames,
    'gateway CPU': (ours.gateway / ours.seconds) * 100,
    p50: latency.p50,
    p99: latency.p99,
  }
  if (bench.programs.floor === undefined) return own
  const floor = await floorCost(bench, ours, clients)
  return {
    ...own,
    'ratio to the floor': own['CPU per write'] / floor.cpuPerWriteUs,
    'CPU per write, floor': floor.cpuPerWriteUs,
    'p99, floor': floor.p99,
  }
}

async function pushed(bench: Bench, clients: number, endpoints: number): Promise<Window> {
  const setting = { clients, endpoints, intervalSeconds: 1 }
  await using stage = await setStage(bench, setting)
  await warmUp(stage, setting, bench)
  return await observe(stage, bench.seconds)
}
