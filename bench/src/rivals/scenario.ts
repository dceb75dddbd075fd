import { type Bench, clientsOf, fewer } from '../harness/bench.ts'
import type { Figure, Readings, Scenario } from '../scenario.ts'
import { measureIdleMonitor, measureMonitor } from './measure-monitor.ts'
import { measureIdleRival, measureRival, type Task } from './measure-rival.ts'
import type { Plan } from './plan.ts'
import type { Rival } from './rival.ts'
import { rivals } from './table.ts'

const CLIENTS = 10_000
const US = 'monitor'
/** Of a change whose size does not matter. */
const BYTES = 700

/** What one server measured, by key. */
type Values = Readonly<Record<string, number>>

/** What is told of each server: one of its values. */
type Told = Omit<Figure, 'name'> & { key: string; title: string }

/** What servers do, and how it is measured. */
type Kind = {
  told: readonly Told[]
  ours(plan: Plan, bench: Bench): Promise<Values>
  theirs(rival: Rival, task: Task, bench: Bench): Promise<Values>
}

/** One comparison with every rival. */
type Comparison = {
  name: string
  sentence: string
  kind: Kind
  plan: Pick<Plan, 'changesPerSecond' | 'batch' | 'isFiltered'>
  /** How many times the monitor's first value a rival's must be. */
  wanted?: Readonly<Record<string, { least: number; aim: number }>>
}

const PUSHING: Kind = {
  told: [
    { key: 'cpuPerMillion', title: 'CPU per million changes', unit: 's', better: 'less' },
    { key: 'delivered', title: 'delivered', unit: '%', better: 'more' },
    { key: 'p50', title: 'p50', unit: 'ms', better: 'less' },
    { key: 'p99', title: 'p99', unit: 'ms', better: 'less' },
    { key: 'kbPerClient', title: 'memory grown per client', unit: 'kB', better: 'less' },
  ],
  ours: measureMonitor,
  theirs: measureRival,
}

const CONNECTING: Kind = {
  told: [
    { key: 'cpuPerConnect', title: 'CPU per connection', unit: 'ms', better: 'less' },
    { key: 'connectsPerSecond', title: 'connections per second', unit: '', better: 'more' },
    { key: 'kbPerClient', title: 'memory per client', unit: 'kB', better: 'less' },
  ],
  ours: measureIdleMonitor,
  theirs: measureIdleRival,
}

/** The comparisons with other servers. What is wanted: performance.md, "Goal figures for 2 cores". */
export const rivalScenarios: readonly Scenario[] = [
  scenario({
    name: 'rivals-single',
    sentence:
      'Other servers push the same: 10,000 clients on everything, 10 changes a second, one at a time',
    kind: PUSHING,
    plan: { changesPerSecond: 10, batch: 1, isFiltered: false },
    wanted: {
      'socket.io': { least: 1.7, aim: 2 },
      'ws, naive': { least: 1.3, aim: 1.5 },
      'ws, shared': { least: 1.1, aim: 1.3 },
    },
  }),
  scenario({
    name: 'rivals',
    sentence:
      'Other servers push the same: 10,000 clients on everything, 100 changes a second, 10 at a time',
    kind: PUSHING,
    plan: { changesPerSecond: 100, batch: 10, isFiltered: false },
    wanted: { 'socket.io': { least: 10, aim: 15 }, 'ws, naive': { least: 8, aim: 12 } },
  }),
  scenario({
    name: 'rivals-filtered',
    sentence:
      'Other servers push the same: 10,000 clients on one of 1,000 topics each, 1,000 changes a second, 100 at a time',
    kind: PUSHING,
    plan: { changesPerSecond: 1_000, batch: 100, isFiltered: true },
  }),
  scenario({
    name: 'rivals-idle',
    sentence: 'Other servers hold the same: 10,000 clients connected and subscribed to everything',
    kind: CONNECTING,
    plan: { changesPerSecond: 10, batch: 1, isFiltered: false },
  }),
]

function scenario(comparison: Comparison): Scenario {
  const { name, sentence, kind } = comparison
  const servers = [US, ...rivals.map((rival) => rival.name)]
  const [first] = kind.told
  const bars = servers.map((label) => ({ label, figure: `${label}: ${first?.title}` }))
  return {
    name,
    sentence,
    figures: [...ratios(comparison), ...servers.flatMap((server) => figures(server, kind))],
    charts: [{ title: first?.title ?? '', unit: first?.unit ?? '', bars }],
    round: (bench) => round(comparison, bench),
  }
}

function ratios({ kind, wanted = {} }: Comparison): Figure[] {
  return rivals.map(({ name }) => ({
    name: ratioName(name, kind),
    unit: '×',
    better: 'more',
    ...wanted[name],
  }))
}

function figures(server: string, { told }: Kind): Figure[] {
  return told.map(({ key: _, title, ...figure }) => ({ name: `${server}: ${title}`, ...figure }))
}

function ratioName(server: string, { told: [first] }: Kind): string {
  return `${server}: ${first?.title}, beside the monitor`
}

/** The monitor first: what it sends for one change is the size of the rivals' messages. */
async function round({ plan: asked, kind }: Comparison, bench: Bench): Promise<Readings> {
  const changesPerSecond = fewer(bench, asked.changesPerSecond, 20)
  const clients = clientsOf(bench, CLIENTS)
  const batch = Math.min(asked.batch, changesPerSecond)
  const plan = { ...asked, changesPerSecond, batch, clients, seconds: bench.seconds }
  const ours = await kind.ours(plan, bench)
  const readings: Record<string, number> = readingsOf(US, ours, kind)
  for (const rival of rivals) {
    if (!(await canRun(rival, bench))) continue
    const task = { plan, bytes: ours.bytes ?? BYTES }
    const theirs = await kind.theirs(rival, task, bench).catch((error: Error) => {
      bench.say(`${rival.name} did not get through: ${error.message}`)
    })
    if (theirs === undefined) continue
    Object.assign(readings, readingsOf(rival.name, theirs, kind))
    readings[ratioName(rival.name, kind)] = ratio(theirs, ours, kind)
  }
  return readings
}

async function canRun(rival: Rival, bench: Bench): Promise<boolean> {
  const missing = await rival.missing()
  const what = missing === undefined ? await rival.version() : `not run: ${missing}`
  bench.say(`${rival.name} ${what}`)
  return missing === undefined
}

function readingsOf(server: string, values: Values, { told }: Kind): Record<string, number> {
  return Object.fromEntries(
    told.map(({ key, title }) => [`${server}: ${title}`, values[key] ?? Number.NaN]),
  )
}

function ratio(theirs: Values, ours: Values, { told: [first] }: Kind): number {
  const key = first?.key ?? ''
  return (theirs[key] ?? Number.NaN) / (ours[key] ?? Number.NaN)
}
