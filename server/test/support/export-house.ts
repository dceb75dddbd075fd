import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { historyRowOf } from '../../src/app/recorder.ts'
import { openEngine } from '../../src/app/store.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { HistoryRow } from '../../src/model.ts'
import type { Store } from '../../src/ports.ts'
import { StoreEngine } from '../../src/store/engine.ts'
import { aResult, aServerError } from './builders.ts'
import { aCommandLine } from './fake-io.ts'

const CONFIG = `version: 1
store: { url: "sqlite:history.db" }
payers:
  - { name: Alpha, endpoints: [{ type: login, url: "https://alpha.example/login?key=CANARY" }] }
  - { name: Beta, endpoints: [{ type: login, url: "https://beta.example/" }] }
`
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
export const BEGIN = Date.UTC(2026, 2, 2)
/** An endpoint, and one that is configured no more. */
export const LOGIN = 'alpha/login'
export const GONE = 'gamma/gone'

/** A command line beside a store that is in use: an hour of results is packed, and ten minutes are not. */
export async function anExportHouse(t: TestContext) {
  const run = await aCommandLine(t, { 'payers.yaml': CONFIG })
  const where = await run(['export', 'uptime', '--store', 'sqlite:nowhere.db'])
  const folder = /store (.+)\/nowhere\.db /.exec(where.err)?.[1] ?? ''
  let now = BEGIN
  const clock = { ...systemClock, now: () => now }
  const limits = { resultsFor: 7 * DAY, fiveMinutesFor: 30 * DAY, historyFor: 90 * DAY }
  const settings = { url: `sqlite:${join(folder, 'history.db')}`, ...limits, maxSize: 2 ** 40 }
  const still = { ...clock, after: () => () => {} }
  const store = await openEngine({ ...settings, remember: DAY }, { clock: still, log: silentLog })
  t.after(() => store[Symbol.asyncDispose]())
  await store.restore('e1')
  const timeline = [LOGIN, GONE].map((endpoint) => {
    return { endpoint, at: BEGIN, status: 'operational', planned: false } as const
  })
  const rows = Array.from({ length: 70 }, (_, minute) => rowAt(minute))
  const write = (results: HistoryRow[]) =>
    store.write({ entries: [], results, timeline: [], rev: 1 })
  await store.write({ entries: [], results: rows.slice(0, 1), timeline, rev: 1 })
  now += 60 * MINUTE
  await write(rows.slice(1, 60))
  await tidy(store)
  now += 10 * MINUTE
  await write(rows.slice(60))
  const asked = (args: readonly string[], more: object = {}) =>
    run(['export', ...args], { io: { clock, ...more } })
  return { run: asked, store, folder, write }
}

/** Packs all that can be packed. */
export async function tidy(store: Store): Promise<void> {
  if (store instanceof StoreEngine) await store.tidy()
}

/** The first two are of an endpoint that left then, and the fourth is bad. */
export function rowAt(minute: number): HistoryRow {
  const parts = { endpoint: minute <= 1 ? GONE : LOGIN, at: BEGIN + minute * MINUTE }
  const result = minute === 3 ? aServerError(parts) : aResult(parts)
  return historyRowOf({ ...result, latencyMs: 20.5 }, MINUTE)
}

/** An output that keeps what it is given. */
export class Memory {
  text = ''
  onFirst = () => {}

  write(text: string): void {
    if (this.text === '') this.onFirst()
    this.text += text
  }
}

/** The lines of a text that ends with one. */
export function linesOf(text: string): string[] {
  return text.split(/\r?\n/).slice(0, -1)
}
