/**
 * A store of its own process, filled in simulated time; prints one line of JSON.
 *
 *   run.ts write URL ENDPOINTS MINUTES     what writing 2,000 results a second costs
 *   run.ts chart URL ENDPOINTS DAYS        how long the figures of one endpoint take to read
 *   run.ts strip URL ENDPOINTS DAYS        how long the days of all endpoints take to read
 */
import { openDriver, StoreEngine, silentLog } from '@payer-status/server/store'
import { aChange, aResult, chance, endpointId } from './fill.ts'
import { HandClock } from './hand-clock.ts'

const DAY_MS = 86_400_000
const PER_SECOND = 2_000
const BATCH = 500
const LIMITS = {
  resultsFor: 7 * DAY_MS,
  fiveMinutesFor: 35 * DAY_MS,
  historyFor: 400 * DAY_MS,
  maxSize: 50 * 2 ** 30,
  remember: DAY_MS,
}

const [task = '', url = '', endpoints = 0, length = 0] = process.argv
  .slice(2)
  .map((text, i) => (i < 2 ? text : Number(text))) as [string, string, number, number]

const clock = new HandClock(Date.UTC(2026, 0, 4))
await using store = new StoreEngine({
  driver: await openDriver(url),
  clock,
  log: silentLog,
  limits: LIMITS,
})
await store.restore('bench')
const tasks: Record<string, () => Promise<object>> = { write, chart, strip }
process.stdout.write(`${JSON.stringify(await tasks[task]?.())}\n`)

type Batch = Parameters<typeof store.write>[0]

async function told(batch: Partial<Batch>): Promise<void> {
  await store.write({ entries: [], results: [], timeline: [], rev: 1_000_000, ...batch })
}

/** CPU of writing alone: what making the results costs is measured apart and taken off. */
async function write(): Promise<object> {
  const seconds = length * 60
  const making = await cpuOf(() => make(seconds))
  const before = process.cpuUsage()
  await make(seconds, (results) => told({ results }))
  clock.advance(3_600_000)
  await store.tidy()
  const { user, system } = process.cpuUsage(before)
  const cpuSeconds = (user + system) / 1e6 - making
  const { bytes } = await store.figures()
  const rows = seconds * PER_SECOND
  return { rows, cpuSeconds, simulatedSeconds: seconds, bytes }
}

async function cpuOf(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

async function make(
  seconds: number,
  use: (results: Batch['results']) => Promise<void> = async () => undefined,
): Promise<void> {
  const random = chance(1)
  const intervalMs = (endpoints / PER_SECOND) * 1_000
  let next = 0
  for (let batch = 0; batch < (seconds * PER_SECOND) / BATCH; batch++) {
    const results = Array.from({ length: BATCH }, () => {
      const row = aResult(next, clock.now(), { random, intervalMs })
      next = (next + 1) % endpoints
      return row
    })
    await use(results)
    clock.advance((BATCH / PER_SECOND) * 1_000)
  }
}

/** Every endpoint asked every five minutes; read as a chart of 90 days, and as one of a day. */
async function chart(): Promise<object> {
  const intervalMs = 300_000
  const random = chance(2)
  for (let step = 0; step < (length * DAY_MS) / intervalMs; step++) {
    const at = clock.now()
    const results = Array.from({ length: endpoints }, (_, i) =>
      aResult(i, at, { random, intervalMs }),
    )
    await told({ results })
    clock.advance(intervalMs)
    if (step % 12 === 11) await store.tidy()
  }
  const to = clock.now()
  const long = await timesOf((endpoint) =>
    store.latency({ endpoint, from: to - length * DAY_MS, to, stepMs: 6 * 3_600_000 }),
  )
  const short = await timesOf((endpoint) =>
    store.latency({ endpoint, from: to - DAY_MS, to, stepMs: 300_000 }),
  )
  return { long, short }
}

/** Milliseconds of reading once for each endpoint, sorted. */
async function timesOf(read: (endpoint: string) => Promise<unknown[]>): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < endpoints; i++) {
    const started = performance.now()
    const steps = await read(endpointId(i))
    if (steps.length === 0) throw new Error('nothing was read')
    times.push(performance.now() - started)
  }
  return times.sort((a, b) => a - b)
}

/** Every endpoint seen twice a day, and down for an hour now and then; all their days are read at once. */
async function strip(): Promise<object> {
  const intervalMs = DAY_MS / 2
  const random = chance(3)
  for (let half = 0; half < 2 * length; half++) {
    const at = clock.now()
    const all = Array.from({ length: endpoints }, (_, i) => i)
    const results = all.map((i) => aResult(i, at, { random, intervalMs }))
    const out = all.filter(() => random() < 0.02)
    const timeline = [
      ...(half === 0 ? all.map((i) => aChange(i, at, 'operational')) : []),
      ...out.flatMap((i) => [
        aChange(i, at + 1_000, 'down'),
        aChange(i, at + 3_601_000, 'operational'),
      ]),
    ]
    for (let i = 0; i < endpoints; i += BATCH) await told({ results: results.slice(i, i + BATCH) })
    await told({ timeline })
    clock.advance(intervalMs)
    await store.tidy()
  }
  const to = clock.now()
  const times: number[] = []
  for (let i = 0; i < 5; i++) {
    const started = performance.now()
    const days = await store.days({ from: to - length * DAY_MS, to })
    times.push(performance.now() - started)
    if (days.size !== endpoints) throw new Error('not every endpoint was read')
  }
  return { times: times.sort((a, b) => a - b) }
}
