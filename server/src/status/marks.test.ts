import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpointRecord, endpointState } from '../../test/support/board-with.ts'
import { aServerError } from '../../test/support/builders.ts'
import { aHouse } from '../../test/support/people-house.ts'
import { withMarks } from './marks.ts'

const endpoint = 'aetna/eligibility'
const by = 'local'
const MINUTE = 60_000
const START = Date.UTC(2026, 0, 1)

test('a paused endpoint is unknown for a reason of its own, and the prober is told once for many', async (t) => {
  const ids = ['aetna/eligibility', 'aetna/login', 'cigna/login']
  const { bus, clock, assigned, stateOf, figures } = aHouse(
    t,
    ids.map((id) => endpointRecord(id)),
  )
  await clock.advance(MINUTE)

  for (const id of ids) await bus.request({ command: 'pause', endpoint: id, until: null, by })
  const before = assigned.length
  await clock.advance(100)

  const state = stateOf(endpoint)
  assert.deepEqual([state?.status, state?.reason?.kind], ['unknown', 'paused'])
  assert.deepEqual([state?.since, state?.paused], [START + MINUTE, { until: null }])
  assert.deepEqual([before, assigned], [0, [[]]])
  assert.equal(figures().paused, 3)
})

test('a pause ends when a person says so: the endpoint begins anew and is probed again', async (t) => {
  const { bus, clock, assigned, stateOf } = aHouse(t, [endpointRecord(endpoint)])
  await bus.request({ command: 'pause', endpoint, until: null, by })
  await clock.advance(MINUTE)

  await bus.request({ command: 'resume', endpoint, by })
  await clock.advance(100)

  const state = stateOf(endpoint)
  assert.deepEqual([state?.status, state?.reason?.kind], ['unknown', 'unconfirmed'])
  assert.deepEqual([state?.paused, state?.memory.recent], [undefined, []])
  assert.deepEqual(assigned, [[], [endpoint]])
})

test('pausing twice moves the end, and resuming what is not paused changes nothing', async (t) => {
  const { bus, clock, stateOf, entryOnBoard } = aHouse(t, [endpointRecord(endpoint)])
  const rev = entryOnBoard(endpoint)?.rev
  const done = await bus.request({ command: 'resume', endpoint, by })
  assert.ok('entry' in done)
  assert.equal(done.entry.rev, rev)

  await bus.request({ command: 'pause', endpoint, until: START + MINUTE, by })
  await bus.request({ command: 'pause', endpoint, until: START + 3 * MINUTE, by })
  await clock.advance(2 * MINUTE)
  assert.deepEqual(stateOf(endpoint)?.paused, { until: START + 3 * MINUTE })
  assert.equal(stateOf(endpoint)?.since, START)
  await clock.advance(MINUTE)
  assert.equal(stateOf(endpoint)?.paused, undefined)
})

test('pause and silence end by themselves, each at its time, and the log says so', async (t) => {
  const { bus, clock, log, stateOf } = aHouse(t, [endpointRecord(endpoint)])
  await bus.request({ command: 'pause', endpoint, until: START + 2 * MINUTE, by })
  await bus.request({ command: 'silence', endpoint, until: START + MINUTE, by })
  const marks = () => [stateOf(endpoint)?.paused?.until, stateOf(endpoint)?.silencedUntil]

  assert.deepEqual(marks(), [START + 2 * MINUTE, START + MINUTE])
  await clock.advance(MINUTE)
  assert.deepEqual(marks(), [START + 2 * MINUTE, undefined])
  await clock.advance(MINUTE)
  assert.deepEqual(marks(), [undefined, undefined])

  const ends = log.lines.filter(({ message }) => message.endsWith('ended'))
  assert.deepEqual(
    ends.map(({ message }) => message),
    ['silence ended', 'pause ended'],
  )
  assert.equal(clock.waiting, 1) // the prober is about to be told
})

test('an end that is months away, or that the wall clock moved away from, is waited for', async (t) => {
  const { bus, clock, stateOf } = aHouse(t, [endpointRecord(endpoint)])
  const until = START + 100 * 86_400_000
  await bus.request({ command: 'silence', endpoint, until, by })

  await clock.advance(50 * 86_400_000)
  clock.jump(-86_400_000)
  await clock.advance(50 * 86_400_000)
  assert.equal(stateOf(endpoint)?.silencedUntil, until)
  await clock.advance(86_400_000)

  assert.equal(stateOf(endpoint)?.silencedUntil, undefined)
})

test('marks from before a restart are in force, and end when they are over', async (t) => {
  const over = { until: START - MINUTE }
  const { clock, stateOf, figures } = aHouse(t, [
    endpointRecord(endpoint, { paused: over, silencedUntil: START + MINUTE }),
    endpointRecord('cigna/login', { paused: { until: null } }),
  ])

  assert.deepEqual([figures().paused, figures().silenced], [2, 1])
  await clock.advance(0)
  assert.equal(stateOf(endpoint)?.paused, undefined)
  await clock.advance(MINUTE)
  assert.deepEqual([figures().paused, figures().silenced], [1, 0])
})

test('an endpoint that leaves takes its marks along', async (t) => {
  const { bus, clock, figures } = aHouse(t, [endpointRecord(endpoint)])
  await bus.request({ command: 'pause', endpoint, until: START + MINUTE, by })

  await bus.publish({ kind: 'endpoint', id: endpoint, value: null })
  await clock.advance(100)

  assert.deepEqual([figures().paused, clock.waiting], [0, 0])
})

test('an open incident of a paused endpoint stays as it is', async (t) => {
  const { bus, board, onResult } = aHouse(t, [])
  await onResult(endpoint, aServerError())
  await onResult(endpoint, aServerError())
  const before = [...board.incidents()]

  await bus.request({ command: 'pause', endpoint, until: null, by })
  await Promise.resolve()

  assert.equal(before.length, 1)
  assert.deepEqual([...board.incidents()], before)
})

test('a silence moves the position of the status, so that who follows statuses hears of it', async (t) => {
  const { bus, entryOnBoard } = aHouse(t, [endpointRecord(endpoint)])
  const before = entryOnBoard(endpoint)?.statusRev

  await bus.request({ command: 'silence', endpoint, until: START + MINUTE, by })

  assert.notEqual(entryOnBoard(endpoint)?.statusRev, before)
  assert.equal(entryOnBoard(endpoint)?.resultRev, before)
})

test('marks are those of the log, whatever the prober still knows', () => {
  const old = endpointState(endpoint, { paused: { until: null }, silencedUntil: 1 })
  const now = endpointState(endpoint, { silencedUntil: 2 })

  assert.deepEqual(withMarks(old, now), now)
  assert.deepEqual(withMarks(old, undefined), endpointState(endpoint))
})
