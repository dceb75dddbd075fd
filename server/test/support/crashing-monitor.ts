/**
 * A monitor to be killed while it writes: log, board, keeper, recorder, SQLite and a real `/ws`, with the results of twenty
 * endpoints instead of probes, one of them down. As soon as some are written, more come. What kills it need not wait for doors that
 * do not write, which take most of the time of a start: the board, REST and `/metrics`.
 *
 * It begins at a line on standard input, and tells in lines: what it begins with, then `writing` and `written` around each
 * write. After a second line it makes no more results, and tells what it ended with.
 */
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { Catalogue } from '../../src/app/catalogue.ts'
import { boardOf, pastOf } from '../../src/app/past.ts'
import { historyRowOf, RESERVE, Recorder } from '../../src/app/recorder.ts'
import type { Board } from '../../src/board/board.ts'
import { Names } from '../../src/board/names.ts'
import { LocalBus } from '../../src/bus/local.ts'
import type { Config } from '../../src/config/config.ts'
import { systemClock as clock } from '../../src/lib/clock.ts'
import { ulid } from '../../src/lib/ids.ts'
import { silentLog as log } from '../../src/lib/log.ts'
import type { Store } from '../../src/ports.ts'
import { Hub } from '../../src/serve/hub.ts'
import { acceptSockets } from '../../src/serve/ws.ts'
import { judge } from '../../src/status/judge.ts'
import { Keeper } from '../../src/status/keeper.ts'
import { StoreEngine } from '../../src/store/engine.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { anEndpoint, aResult, aServerError } from './builders.ts'
import { HUB_SETTINGS } from './hub-settings.ts'

const ENDPOINTS = 20
/** Results of each endpoint that come at once: together as many as are written without a wait. */
const ROUNDS = 25
const DAY_MS = 86_400_000
const random = Math.random

/** What is true in it. */
export type Present = {
  epoch: string
  rev: number
  /** Status and position of each endpoint, by id. */
  endpoints: Record<string, { status: string; rev: number }>
  /** Id and begin of each incident that is not over. */
  open: { id: string; openedAt: string }[]
}

/** What it says first. */
export type Begun = Present & { port: number }

const say = (line: object | string) =>
  void writeSync(1, `${typeof line === 'string' ? line : JSON.stringify(line)}\n`)

function presentOn(board: Board): Present {
  const open = [...board.incidents()].filter(({ resolvedAt }) => resolvedAt === null)
  const endpoints = [...board.endpoints()].map(({ endpoint, status }) => {
    return [endpoint, { status, rev: board.endpoint(endpoint)?.log.rev ?? 0 }] as const
  })
  return {
    epoch: board.epoch,
    rev: board.rev,
    endpoints: Object.fromEntries(endpoints),
    open: open.map(({ id, openedAt }) => ({ id, openedAt })),
  }
}

/** The store of a file, which tells of its writes. */
async function openStore(file: string): Promise<Store> {
  const limits = { resultsFor: DAY_MS, fiveMinutesFor: DAY_MS, historyFor: DAY_MS }
  const store = new StoreEngine({
    driver: openSqlite(file),
    clock,
    log,
    limits: { ...limits, maxSize: 2 ** 40, remember: DAY_MS },
  })
  const write = store.write.bind(store)
  store.write = async (batch) => {
    say('writing')
    await write(batch)
    say('written')
  }
  return store
}

const lines = createInterface({ input: process.stdin })
await once(lines, 'line')
const stopped = once(lines, 'line')
let isStopped = false
void stopped.then(() => {
  isStopped = true
})

const endpoints = Array.from({ length: ENDPOINTS }, (_, i) => anEndpoint({ id: `aetna/e${i}` }))
const config = {
  payers: [{ payer: 'aetna', name: 'Aetna', aliases: [], identifiers: [] }],
  endpoints,
  probing: { vantage: 'local' },
} as unknown as Config // safe: all that the catalogue reads of it
const store = await openStore(process.argv[2] ?? '')
const epoch = ulid(clock.now(), random).toLowerCase()
const past = pastOf(await store.restore(epoch), epoch)
const reserved = past.rev + RESERVE
await store.write({ entries: [], results: [], timeline: [], rev: reserved })
const bus = new LocalBus({ clock, ...past })
const board = boardOf(past)
let onWritten = () => {}
const recorder = new Recorder({
  store,
  past,
  reserved,
  clock,
  log,
  queue: 10_000,
  rev: () => bus.rev,
  wrote: () => onWritten(),
  changed: () => {},
})
const stateOf = (id: string) => board.endpoint(id)?.log.value ?? undefined
const keeper: Keeper = new Keeper({
  payer: (id) => catalogue.payer(id),
  whereIs: (id) => catalogue.endpoint(id),
  endpointsOf: (payer) => board.endpointsOf(payer),
  stateOf,
  publish: (record) => void bus.publish(record),
  newIncidentId: () => `inc_${ulid(clock.now(), random)}`,
  now: () => clock.now(),
  defer: queueMicrotask,
  after: (ms, run) => clock.after(ms, run),
})
const catalogue = new Catalogue({
  clock,
  prober: { assign() {} },
  stateOf,
  known: () => ({ endpoints: endpoints.map(({ id }) => id).filter(stateOf), payers: ['aetna'] }),
  publish: (record) => void bus.publish(record),
  onPayer: (id) => keeper.markDirty(id),
})
const hub = new Hub({
  board,
  names: new Names(board),
  clock,
  random,
  log,
  settings: { ...HUB_SETTINGS, tick: 5 },
})
bus.subscribe((entry) => {
  board.apply(entry)
  keeper.onEntry(entry)
  hub.changed()
  recorder.onEntry(entry)
})
const server = createServer()
const limits = { frameBytes: HUB_SETTINGS.frameBytes, unacknowledged: HUB_SETTINGS.unacknowledged }
acceptSockets(server, { hub, guard: () => undefined, clock, limits, log })
await once(server.listen(0, '127.0.0.1'), 'listening')
say({ ...presentOn(board), port: (server.address() as AddressInfo).port } satisfies Begun)
catalogue.begin(config)

while (!isStopped) {
  const written = new Promise<void>((resolve) => {
    onWritten = resolve
  })
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, endpoint] of endpoints.entries()) {
      const before = stateOf(endpoint.id)
      if (before === undefined) throw new Error('the catalogue has not begun')
      const result = (i === 0 ? aServerError : aResult)({ endpoint: endpoint.id, at: clock.now() })
      recorder.onResult(historyRowOf(result, endpoint.interval))
      const circumstances = { offline: false, answeredElsewhereAt: clock.now() }
      const value = judge(endpoint, before, { result, ...circumstances })
      void bus.publish({ kind: 'endpoint', id: endpoint.id, value })
    }
  await written
}
say(presentOn(board))
