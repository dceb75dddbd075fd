import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { endpointRecord, incidentRecord } from '../../test/support/board-with.ts'
import { aResult } from '../../test/support/builders.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { memoryLog } from '../../test/support/http-monitor.ts'
import { aStore } from '../../test/support/scripted-store.ts'
import { StoreError } from '../lib/errors.ts'
import type { LogEntry, LogRecord } from '../model.ts'
import { historyRowOf, RESERVE, Recorder } from './recorder.ts'

function aRecorder(t: TestContext, { queue = 10_000, rev = 0 } = {}) {
  const clock = new FakeClock()
  const store = aStore()
  const log = memoryLog()
  const house = { rev, changes: 0, writes: [] as string[] }
  const recorder = new Recorder({
    store,
    clock,
    log,
    queue,
    past: { epoch: 'e1', rev, floor: 0, entries: [] },
    reserved: rev + RESERVE,
    rev: () => house.rev,
    wrote: (outcome) => void house.writes.push(outcome),
    changed: () => void house.changes++,
  })
  t.after(() => clock.advance(60_000))
  const results = (count: number) => {
    for (let i = 0; i < count; i++) recorder.onResult(historyRowOf(aResult({ at: i }), 60_000))
  }
  const put = (record: LogRecord): LogEntry => {
    const at = ++house.rev
    const entry = { ...record, rev: at, statusRev: at, resultRev: at, at: clock.now() }
    recorder.onEntry(entry)
    return entry
  }
  return { recorder, clock, store, log, house, results, put }
}

test('results are gathered for a quarter of a second, or until there are five hundred', async (t) => {
  const { clock, store, results } = aRecorder(t)

  results(3)
  await clock.advance(249)
  const early = store.batches.length
  await clock.advance(1)
  results(500)
  await clock.advance(10)

  assert.equal(early, 0)
  assert.deepEqual(
    store.batches.map((batch) => batch.results.length),
    [3, 500],
  )
})

test('a change of status and an incident are written before clients have read of them', async (t) => {
  const { clock, store, put, results } = aRecorder(t)

  results(1)
  put(endpointRecord('a/login', { status: 'down' }))
  const incident = put(incidentRecord(1))
  await clock.advance(10)

  assert.equal(store.batches[0]?.entries.at(-1), incident)
  assert.equal(store.batches[0]?.entries.length, 2)
  assert.equal(store.batches[0]?.results.length, 1)
})

test('what is of the past is not written again', async (t) => {
  const { recorder, clock, store } = aRecorder(t, { rev: 40 })
  const record = { ...endpointRecord('a/login'), statusRev: 40, resultRev: 40, at: 0 }

  recorder.onEntry({ ...record, rev: 40 })
  await clock.advance(1_000)
  recorder.onEntry({ ...record, rev: 41, statusRev: 41 })
  await clock.advance(1_000)

  assert.deepEqual(
    store.batches.flatMap(({ entries }) => entries.map(({ rev }) => rev)),
    [41],
  )
})

test('positions are reserved long before they are needed', async (t) => {
  const { clock, store, house, results } = aRecorder(t)

  results(1)
  await clock.advance(250)
  house.rev = RESERVE / 2 + 1
  results(1)
  await clock.advance(250)

  assert.deepEqual(
    store.batches.map(({ rev }) => rev),
    [RESERVE, RESERVE / 2 + 1 + RESERVE],
  )
})

test('a slow store gets larger batches, and nothing waits for it', async (t) => {
  const { clock, store, recorder, results } = aRecorder(t)
  const { promise, resolve } = Promise.withResolvers<void>()
  store.delay = promise

  results(500)
  await clock.advance(10)
  results(2_000)
  await clock.advance(5_000)
  const waiting = recorder.waiting
  resolve()
  await clock.advance(0)

  assert.equal(waiting, 2_000)
  assert.deepEqual(
    store.batches.map((batch) => batch.results.length),
    [500, 2_000],
  )
})

test('a failing store is asked again, later each time, and nothing is lost before the queue is full', async (t) => {
  const { recorder, clock, store, house, log, results } = aRecorder(t, { queue: 1_000 })
  store.trouble = new StoreError('the disk is full', { isPassing: true })

  results(600)
  await clock.advance(60_000)
  const tries = house.writes.length
  const wasUp = recorder.isUp
  results(600)
  store.trouble = undefined
  await clock.advance(30_000)

  assert.deepEqual([wasUp, recorder.isUp, house.changes], [false, true, 2])
  assert.ok(tries > 5 && tries < 10, `${tries} tries`)
  assert.equal(recorder.dropped.results, 200)
  assert.deepEqual(
    store.batches.map((batch) => batch.results.length),
    [1_000],
  )
  assert.deepEqual(
    log.lines.map(({ message, code }) => [message, code]),
    [
      ['history has stopped', 'ERR_STORE'],
      ['history goes on', undefined],
    ],
  )
})

test('a batch that may have been written is sent again as it is, and what has come since goes after it', async (t) => {
  const { recorder, clock, store, results } = aRecorder(t)
  const sent: (string | undefined)[] = []
  const { write } = store
  store.write = (batch) => {
    sent.push(batch.id)
    return write(batch)
  }
  store.trouble = new StoreError('the store is being started again', { isUnsure: true })

  results(3)
  await clock.advance(250)
  results(2)
  const { waiting } = recorder
  store.trouble = undefined
  await clock.advance(1_000)

  assert.equal(waiting, 5)
  assert.deepEqual(
    store.batches.map((batch) => batch.results.length),
    [3, 2],
  )
  assert.equal(sent[0], sent[1])
  assert.notEqual(sent[1], sent[2])
})

test('a store that does not answer is not up until it does', async (t) => {
  const { recorder, clock, store, results } = aRecorder(t)
  const { promise, resolve } = Promise.withResolvers<void>()
  store.delay = promise

  results(1)
  await clock.advance(11_000)
  const whileItHangs = recorder.isUp
  resolve()
  await clock.advance(0)

  assert.deepEqual([whileItHangs, recorder.isUp], [false, true])
})

test('an orderly end writes down everything, and that it is all', async (t) => {
  const { recorder, clock, store, house, results, put } = aRecorder(t)
  const first = put(endpointRecord('a/login'))
  await clock.advance(250)
  const rev = ++house.rev
  const later = { ...first, rev, resultRev: rev }
  recorder.onEntry(later)

  results(12_000)
  await recorder[Symbol.asyncDispose]()

  const ending = store.batches.slice(1)
  assert.deepEqual(ending[0]?.entries, [later])
  assert.equal(
    ending.reduce((sum, batch) => sum + batch.results.length, 0),
    10_000,
  )
  assert.equal(store.isClosed, true)
})

test('an end while the store fails is no orderly end', async (t) => {
  const { recorder, store, results } = aRecorder(t)
  store.trouble = new StoreError('the disk is full', { isPassing: true })

  results(1)
  await recorder[Symbol.asyncDispose]()

  assert.equal(store.isClosed, false)
})

test('an end does not wait for a store that hangs', async (t) => {
  const { recorder, clock, store, results } = aRecorder(t)
  store.delay = new Promise(() => {})
  results(1)

  const ended = recorder[Symbol.asyncDispose]()
  await clock.advance(10_000)
  await ended

  assert.equal(store.isClosed, false)
})
