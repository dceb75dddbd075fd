import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incidentRecord } from '../../test/support/board-with.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { memoryLog } from '../../test/support/http-monitor.ts'
import { aStore } from '../../test/support/scripted-store.ts'
import type { Config } from '../config/config.ts'
import { StoreError } from '../lib/errors.ts'
import type { Remembered, Store } from '../ports.ts'
import { openStore } from './opening.ts'
import { RESERVE } from './recorder.ts'

const away = new StoreError('the server is away', { isPassing: true })

/** Opens a store in a world that stands still, and says what was logged. */
function opening(store: Store) {
  const clock = new FakeClock()
  const log = memoryLog()
  const parts = new AsyncDisposableStack()
  const world = { clock, log, store, random: () => 0.5, thread: undefined }
  const config = {} as Config // safe: a store is given
  const outside = { ...world, version: '', boardDirectory: undefined }
  return { clock, log, parts, opened: openStore(config, outside, parts) }
}

test('a new log begins at its beginning, with positions in reserve', async () => {
  const store = aStore()

  const { past, reserved } = await opening(store).opened

  assert.deepEqual([past.rev, past.entries, reserved], [0, [], RESERVE])
  assert.match(past.epoch, /^[0-9a-z]{26}$/)
  assert.deepEqual(store.batches, [{ entries: [], results: [], timeline: [], rev: RESERVE }])
})

test('after a crash positions are reserved beyond all that may have been given out', async () => {
  const entry = { ...incidentRecord(1), rev: 5, statusRev: 5, resultRev: 5, at: 0 }
  const remembered: Remembered = { epoch: 'e1', rev: 100, clean: false, floor: 0, entries: [entry] }
  const store = aStore(remembered)

  const { past, reserved } = await opening(store).opened

  assert.deepEqual([past.epoch, past.rev, reserved], ['e1', 99, 99 + RESERVE])
  assert.deepEqual(
    store.batches.map(({ entries, rev }) => [entries.map((each) => each.rev), rev]),
    [[[], 99 + RESERVE]],
  )
})

test('a store that is away for a moment is waited for', async () => {
  const store = aStore()
  let tries = 0
  const { clock, log, opened } = opening({
    ...store,
    async restore() {
      if (++tries < 5) throw away
      return { epoch: 'e1', rev: 10, clean: true, floor: 0, entries: [] }
    },
  })

  await clock.advance(4_000)

  assert.equal((await opened).past.epoch, 'e1')
  assert.deepEqual(
    log.lines.map(({ message }) => message),
    ['the store is away, waiting for it'],
  )
})

test('without a store that stays away the log begins anew, and every question is refused', async () => {
  const store = { ...aStore(), restore: () => Promise.reject(away) }
  const { clock, log, opened } = opening(store)

  await clock.advance(31_000)
  const { store: absent, past } = await opened

  assert.equal(past.rev, 0)
  await assert.rejects(absent.incident('inc_1'), away)
  await assert.rejects(absent.write({ entries: [], results: [], timeline: [], rev: 1 }), away)
  assert.deepEqual(
    log.lines.map(({ level, message }) => [level, message]),
    [
      ['warn', 'the store is away, waiting for it'],
      ['error', 'the store is away, nothing is kept until the next start'],
    ],
  )
})

test('a store that is wrong ends the start at once, and is closed', async () => {
  let isClosed = false
  const wrong = new StoreError('it is no database')
  const store = aStore()
  const { opened } = opening({
    ...store,
    restore: () => Promise.reject(wrong),
    async [Symbol.asyncDispose]() {
      isClosed = true
    },
  })

  await assert.rejects(opened, wrong)
  assert.equal(isClosed, true)
})
