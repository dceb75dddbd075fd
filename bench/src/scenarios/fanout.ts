import { type Bench, clientsOf, fewer } from '../harness/bench.ts'
import { middle, type Pair, takeTurns } from '../harness/beside-floor.ts'
import type { Window } from '../harness/stage.ts'
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
    { name: 'CPU per write, bare Node', unit: 'µs' },
    { name: 'ratio of bare Node to the floor', unit: '×' },
    { name: 'ratio to bare Node', unit: '×', better: 'less' },
    { name: 'frames per second', unit: '' },
    { name: 'updates per frame', unit: '' },
    { name: 'bytes per frame', unit: '' },
    { name: 'gateway CPU', unit: '%' },
    { name: 'store CPU', unit: '%' },
    { name: 'p50', unit: 'ms' },
    { name: 'p99', unit: 'ms' },
    { name: 'p99, floor', unit: 'ms' },
  ]
}

function charts(title: string): Chart[] {
  const bars = [
    { label: 'monitor', figure: 'CPU per write' },
    { label: 'loop of write in Node', figure: 'CPU per write, bare Node' },
    { label: 'loop of send in C', figure: 'CPU per write, floor' },
  ]
  return [{ title, unit: 'µs', bars }]
}

async function round(bench: Bench, endpoints: number): Promise<Readings> {
  const clients = clientsOf(bench, CLIENTS)
  const setting = { clients, endpoints: fewer(bench, endpoints, 10), intervalSeconds: 1 }
  const pairs = await takeTurns(bench, setting)
  const own = (figure: (ours: Window) => number) => middle(pairs, ({ ours }) => figure(ours))
  const readings = {
    'CPU per write': own(cpuPerWrite),
    'CPU per write, bare Node': middle(pairs, ({ bareNode }) => bareNode.cpuPerWriteUs),
    'ratio to bare Node': middle(
      pairs,
      (pair) => cpuPerWrite(pair.ours) / pair.bareNode.cpuPerWriteUs,
    ),
    'frames per second': own(({ report, seconds }) => report.frames / seconds),
    'updates per frame': own(({ report }) => report.updates / report.frames),
    'bytes per frame': own(({ report }) => report.bytes / report.frames),
    'gateway CPU': own(({ gateway, seconds }) => (gateway / seconds) * 100),
    'store CPU': own(({ store, seconds }) => (store / seconds) * 100),
    p50: own(({ report }) => report.latency.p50),
    p99: own(({ report }) => report.latency.p99),
  }
  if (bench.programs.floor === undefined) return readings
  const floor = ({ floor }: Pair) => floor?.cpuPerWriteUs ?? Number.NaN
  return {
    ...readings,
    'ratio to the floor': middle(pairs, (pair) => cpuPerWrite(pair.ours) / floor(pair)),
    'CPU per write, floor': middle(pairs, floor),
    'ratio of bare Node to the floor': middle(
      pairs,
      (pair) => pair.bareNode.cpuPerWriteUs / floor(pair),
    ),
    'p99, floor': middle(pairs, ({ floor }) => floor?.p99 ?? Number.NaN),
  }
}

function cpuPerWrite({ gateway, report }: Window): number {
  return (gateway / report.frames) * 1e6
}
