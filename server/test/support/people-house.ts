import type { TestContext } from 'node:test'
import { makePeople } from '../../src/app/people.ts'
import { Board } from '../../src/board/board.ts'
import { LocalBus } from '../../src/bus/local.ts'
import type { PayerEntry } from '../../src/config/config.ts'
import type { EndpointState, LogEntry, LogRecord, ProbeResult } from '../../src/model.ts'
import { initialState, judge } from '../../src/status/judge.ts'
import { Keeper } from '../../src/status/keeper.ts'
import { anEndpoint } from './builders.ts'
import { FakeClock } from './fake-clock.ts'
import { memoryLog } from './http-monitor.ts'

/** A payer's entry in the catalogue, if the record is that payer's. */
function entryOf(record: LogRecord, id: string): PayerEntry[] {
  return record.kind === 'payer' && record.id === id && record.value ? [record.value] : []
}

/** The main thread's log, board and keeper with what people do, without a prober: results come by `onResult`. */
export function aHouse(t: TestContext, records: readonly LogRecord[]) {
  const clock = new FakeClock()
  const log = memoryLog()
  const bus = new LocalBus({ clock, epoch: 'e1' })
  const board = new Board('e1')
  bus.subscribe((entry) => board.apply(entry))
  let newest = 0
  const keeper = new Keeper({
    payer: (id) => records.flatMap((record) => entryOf(record, id))[0],
    endpointsOf: (payer) => board.endpointsOf(payer),
    stateOf: (id) => stateOf(id),
    publish: (record) => void bus.publish(record),
    newIncidentId: () => `inc_${String(++newest).padStart(26, '0')}`,
    now: () => clock.now(),
    defer: queueMicrotask,
    after: (ms, run) => clock.after(ms, run),
    whereIs: (id) => anEndpoint({ id }),
  })
  bus.subscribe((entry) => keeper.onEntry(entry))
  for (const record of records) void bus.publish(record)
  const assigned: (readonly string[])[] = []
  const house = {
    bus,
    board,
    catalogue: {
      assign: (ids: readonly string[]) => assigned.push(ids),
      payer: (id: string) => records.flatMap((record) => entryOf(record, id))[0],
    },
  }
  const people = makePeople({ clock, random: Math.random, log }, house)
  t.after(() => people[Symbol.dispose]())

  const stateOf = (id: string): EndpointState | undefined =>
    board.endpoint(id)?.log.value ?? undefined
  return {
    clock,
    log,
    bus,
    board,
    assigned,
    figures: people.figures,
    stateOf,
    entryOnBoard: (id: string): LogEntry | undefined => board.endpoint(id)?.log,
    /** Judges a result of an endpoint and publishes its state, as the prober does. */
    async onResult(id: string, seen: ProbeResult): Promise<void> {
      const endpoint = anEndpoint({ id })
      const result = { ...seen, endpoint: id, at: clock.now() }
      const before = stateOf(id) ?? initialState(endpoint, 'local', clock.now())
      const value = judge(endpoint, before, { result, offline: false, answeredElsewhereAt: null })
      await bus.publish({ kind: 'endpoint', id, value })
      await Promise.resolve()
    },
  }
}
