import assert from 'node:assert/strict'
import { copyFile } from 'node:fs/promises'
import { type TestContext, test } from 'node:test'
import { answering, aRestartingHouse } from '../../test/support/a-restarting-house.ts'
import { aServerError } from '../../test/support/builders.ts'
import type { LogEntry } from '../model.ts'
import type { App } from './app.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const LOGIN = 'aetna/login'
const BROKEN = 'cigna/login'
const failing = answering(aServerError())

const login = (host: string) => ({ type: 'login', url: `http://${host}.example/login` })
const PAYERS = {
  defaults: { network: 'private', interval: '1m', confirm_after: '1m' },
  payers: [
    { name: 'Aetna', endpoints: [login('aetna')] },
    { name: 'Cigna', endpoints: [login('cigna')] },
  ],
}

/** A house that has run for a while: Aetna is well, Cigna is down. */
async function aHouse(t: TestContext) {
  const house = await aRestartingHouse(t)
  await house.configure(PAYERS)
  house.answers.set(BROKEN, failing)
  const app = await house.start()
  await house.clock.advance(5 * MINUTE)
  assert.deepEqual(statuses(app), { [LOGIN]: 'operational', [BROKEN]: 'down' })
  return { house, app }
}

function statuses({ board }: App): Record<string, string> {
  return Object.fromEntries(
    [...board.endpoints()].map(({ endpoint, status }) => [endpoint, status]),
  )
}

function present({ board }: App): LogEntry[] {
  return [...board.remembered()].map(({ log }) => log).sort((a, b) => a.rev - b.rev)
}

test('after an orderly end everything is where it was, and nothing comes again', async (t) => {
  const { house, app } = await aHouse(t)
  await app[Symbol.asyncDispose]()

  const again = await house.start()

  assert.equal(again.board.epoch, app.board.epoch)
  assert.deepEqual(present(again), present(app))
  assert.ok(again.bus.rev >= app.bus.rev)
})

test('whoever was there until the end resumes, and hears only what is new', async (t) => {
  const { house, app } = await aHouse(t)
  const position = { epoch: app.board.epoch, rev: app.board.rev }
  await app[Symbol.asyncDispose]()

  const again = await house.start()
  const canResume = again.board.canResume(position)
  const before = [...again.board.entriesSince(position.rev)].length
  await house.clock.advance(MINUTE)
  const after = [...again.board.entriesSince(position.rev)].map(({ log }) => log.id)

  assert.deepEqual([canResume, before], [true, 0])
  assert.deepEqual(after.sort(), [LOGIN, BROKEN])
})

test('a bad result before a restart and one after it are two in a row, since the first', async (t) => {
  const { house, app } = await aHouse(t)
  house.answers.set(LOGIN, failing)
  await house.clock.advance(MINUTE)
  const first = app.board.endpoint(LOGIN)?.log.value?.result
  assert.equal(app.board.endpoint(LOGIN)?.log.value?.status, 'operational')
  await app[Symbol.asyncDispose]()

  const again = await house.start()
  const between = statuses(again)[LOGIN]
  await house.clock.advance(MINUTE)

  const state = again.board.endpoint(LOGIN)?.log.value
  assert.deepEqual([between, state?.status, state?.since], ['operational', 'down', first?.at])
})

test('an incident goes on, and no second one is opened', async (t) => {
  const { house, app } = await aHouse(t)
  const [incident] = app.board.incidents()
  await app[Symbol.asyncDispose]()

  const again = await house.start()
  await house.clock.advance(3 * MINUTE)
  const during = [...again.board.incidents()].map(({ id, status }) => [id, status])
  house.answers.delete(BROKEN)
  await house.clock.advance(3 * MINUTE)
  const after = [...again.board.incidents()].map(({ id, status }) => [id, status])

  assert.deepEqual(during, [[incident?.id, 'identified']])
  assert.deepEqual(after, [[incident?.id, 'resolved']])
})

test('after a crash what was written is there, and who comes back is told all of it anew', async (t) => {
  const { house, app } = await aHouse(t)
  await house.clock.advance(MINUTE) // an entry that may wait is waiting
  const revBefore = app.bus.rev
  const position = { epoch: app.board.epoch, rev: revBefore }
  const [incident] = app.board.incidents()
  await crashed(house)

  const again = await house.start()

  const entries = present(again)
  assert.equal(again.board.epoch, app.board.epoch)
  assert.equal(again.board.canResume(position), false)
  assert.ok(again.board.rev > revBefore)
  assert.equal(entries.length, present(app).length)
  assert.deepEqual(statuses(again), { [LOGIN]: 'operational', [BROKEN]: 'down' })
  assert.deepEqual(
    [...again.board.incidents()].map(({ id }) => id),
    [incident?.id],
  )
})

/** Leaves the store as a crash at this moment would: what a running monitor has in its files, in files of another name. */
async function crashed(house: Awaited<ReturnType<typeof aRestartingHouse>>): Promise<void> {
  const copy = `${house.store}.crashed`
  await copyFile(house.store, copy)
  await copyFile(`${house.store}-wal`, `${copy}-wal`)
  house.flags['store.url'] = `sqlite:${copy}`
}

test('what left the configuration while nothing ran is withdrawn, with its payer and its incident', async (t) => {
  const { house, app } = await aHouse(t)
  const position = app.bus.rev
  await app[Symbol.asyncDispose]()
  await house.configure({ ...PAYERS, payers: PAYERS.payers.slice(0, 1) })

  const again = await house.start()
  await house.clock.advance(0)

  const left = [...again.board.entriesSince(position)].map(({ log }) => [log.kind, log.id])
  assert.ok(left.some(([kind, id]) => kind === 'endpoint' && id === BROKEN))
  assert.ok(left.some(([kind, id]) => kind === 'payer' && id === 'cigna'))
  assert.deepEqual(
    [...again.board.incidents()].map(({ status }) => status),
    ['resolved'],
  )
})

test('after a long pause nothing is said to work until it was seen, and the incident is the same', async (t) => {
  const { house, app } = await aHouse(t)
  const [incident] = app.board.incidents()
  await app[Symbol.asyncDispose]()
  house.clock.jump(12 * HOUR)

  const again = await house.start()
  const reasons = [...again.board.endpoints()].map(({ status, reason }) => [status, reason?.kind])
  await house.clock.advance(3 * MINUTE)

  assert.deepEqual(reasons, Array(2).fill(['unknown', 'stale']))
  assert.deepEqual(statuses(again), { [LOGIN]: 'operational', [BROKEN]: 'down' })
  assert.deepEqual(
    [...again.board.incidents()].map(({ id }) => id),
    [incident?.id],
  )
})

test('history is there after a restart, with the changes of status', async (t) => {
  const { house, app } = await aHouse(t)
  await app[Symbol.asyncDispose]()

  const again = await house.start()
  const asked = { endpoint: BROKEN, from: 0, to: house.clock.now() + 1 }
  const results = await again.history.results({ ...asked, limit: 100 })
  const timeline = await again.history.timeline(asked)

  assert.ok(results.length >= 5)
  assert.ok(
    results.every(({ failure, intervalMs }) => failure === 'http_5xx' && intervalMs === MINUTE),
  )
  assert.deepEqual(
    timeline.map(({ status }) => status),
    ['unknown', 'down'],
  )
})

test('a store in memory begins anew', async (t) => {
  const { house, app } = await aHouse(t)
  await app[Symbol.asyncDispose]()
  house.flags['store.url'] = 'memory:'

  const again = await house.start()

  assert.notEqual(again.board.epoch, app.board.epoch)
  assert.deepEqual(statuses(again), { [LOGIN]: 'unknown', [BROKEN]: 'unknown' })
})
