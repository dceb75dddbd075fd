import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpointRecord, incidentRecord } from '../../test/support/board-with.ts'
import { aResult, aServerError } from '../../test/support/builders.ts'
import { bad, judgeAll, MINUTE, START, up } from '../../test/support/judged.ts'
import type { EndpointState, LogEntry } from '../model.ts'
import { Backlog } from './backlog.ts'
import { historyRowOf } from './recorder.ts'

const ID = 'aetna/eligibility'

/** The states that a row of results leads to, as entries of the log. */
function entriesOf(states: readonly EndpointState[]): LogEntry[] {
  return states.map((value, i) => {
    const isNews = value.status !== states[i - 1]?.status
    const rev = i + 1
    return {
      kind: 'endpoint',
      id: ID,
      value,
      rev,
      statusRev: isNews ? rev : 0,
      resultRev: rev,
      at: START,
    }
  })
}

const row = (at: number) => historyRowOf(aResult({ at }), 60_000)
const seconds = (n: number) => START + n * 1_000

test('only what another result like the last brings can wait', () => {
  const backlog = new Backlog(1_000, [])
  const entries = entriesOf(judgeAll([up, up, up, up, bad, up, up, up, up]))

  const urgencies = entries.map((entry) => backlog.addEntry(entry, START))

  assert.deepEqual(urgencies, [
    'now', // not known before
    'now', // operational
    'soon', // a third sample to remember
    'later',
    'soon', // a bad one
    'soon',
    'soon',
    'soon', // the bad one is forgotten
    'later',
  ])
})

test('a steady failure can wait as well', () => {
  const backlog = new Backlog(1_000, [])
  const entries = entriesOf(judgeAll([bad, bad, bad, bad, bad]))

  const urgencies = entries.map((entry) => backlog.addEntry(entry, START))

  assert.deepEqual(urgencies, ['now', 'now', 'soon', 'later', 'later'])
})

test('what can wait is written once in half a minute, the latest of it', () => {
  const backlog = new Backlog(1_000, [])
  const entries = entriesOf(judgeAll(Array(9).fill(up)))
  for (const entry of entries.slice(0, 4)) backlog.addEntry(entry, START)
  backlog.take(START)
  for (const entry of entries.slice(4)) backlog.addEntry(entry, seconds(1))

  const early = backlog.take(seconds(30))
  const due = backlog.take(seconds(31))

  assert.deepEqual(early.entries, [])
  assert.deepEqual(
    due.entries.map(({ rev }) => rev),
    [9],
  )
})

test('what waits from the past is not written again, and a change of it is', () => {
  const states = judgeAll([up, up, up, up, bad])
  const entries = entriesOf(states)
  const backlog = new Backlog(1_000, entries.slice(2, 3))

  const urgencies = entries.slice(3).map((entry) => backlog.addEntry(entry, START))

  assert.deepEqual(urgencies, ['later', 'soon'])
  assert.deepEqual(backlog.take(START).timeline, [])
})

test('every change of status is a row of the timeline, from the first result that spoke for it', () => {
  const backlog = new Backlog(1_000, [])
  for (const entry of entriesOf(judgeAll([up, up, up, bad, bad, bad])))
    backlog.addEntry(entry, START)
  backlog.addEntry(
    { kind: 'endpoint', id: ID, value: null, rev: 9, statusRev: 9, resultRev: 9, at: seconds(999) },
    seconds(999),
  )

  const { timeline } = backlog.take(START)

  assert.deepEqual(
    timeline.map(({ at, status }) => [at, status]),
    [
      [START, 'unknown'],
      [START + MINUTE, 'operational'],
      [START + 4 * MINUTE, 'down'],
      [seconds(999), 'unknown'],
    ],
  )
  assert.ok(timeline.every(({ endpoint, planned }) => endpoint === ID && !planned))
})

test('results beyond the limit are dropped, oldest first, and counted', () => {
  const backlog = new Backlog(1_000, [])
  for (let i = 0; i < 2_500; i++) backlog.addResult(row(seconds(i)))

  const { results } = backlog.take(START)

  assert.deepEqual(backlog.dropped, { results: 1_500, changes: 0 })
  assert.deepEqual([results.length, results[0]?.at], [1_000, seconds(1_500)])
})

test('what could not be written comes again before what came later, within the limit', () => {
  const backlog = new Backlog(1_000, [])
  for (let i = 0; i < 600; i++) backlog.addResult(row(seconds(i)))
  const failed = backlog.take(START)
  for (let i = 600; i < 1_200; i++) backlog.addResult(row(seconds(i)))

  backlog.putBack(failed)
  const { results } = backlog.take(START)

  assert.equal(backlog.dropped.results, 200)
  assert.deepEqual([results[0]?.at, results.at(-1)?.at], [seconds(200), seconds(1_199)])
})

test('of a record that could not be written the latest value comes, even if it could wait', () => {
  const backlog = new Backlog(1_000, [])
  const [first, , third, fourth] = entriesOf(judgeAll([up, up, up, up]))
  if (!first || !third || !fourth) throw new Error('four states were judged')
  const incident = { ...incidentRecord(1), rev: 9, statusRev: 9, resultRev: 9, at: START }
  backlog.addEntry(first, START)
  backlog.addEntry(third, START)
  backlog.addEntry(incident, START)
  const failed = backlog.take(START)

  backlog.addEntry(fourth, START)
  backlog.putBack(failed)

  assert.deepEqual(new Set(backlog.take(START).entries), new Set([fourth, incident]))
})

test('many large entries never come at once', () => {
  const backlog = new Backlog(10_000, [])
  for (let round = 0; round < 2; round++)
    for (let i = 0; i < 1_200; i++) {
      const record = endpointRecord(`a/${i}`, { result: aServerError({ at: round }) })
      const rev = 1_200 * round + i + 1
      backlog.addEntry({ ...record, rev, statusRev: 1 + i, resultRev: rev, at: START }, START)
      if (round === 0) backlog.take(START)
    }

  const sizes = [1, 2, 3, 4].map(() => backlog.take(seconds(30)).entries.length)

  assert.deepEqual(sizes, [500, 500, 200, 0])
})
