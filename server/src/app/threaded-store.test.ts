import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { aResult } from '../../test/support/builders.ts'
import { memoryLog } from '../../test/support/http-monitor.ts'
import { systemClock } from '../lib/clock.ts'
import { StoreError } from '../lib/errors.ts'
import type { StoreBatch } from '../ports.ts'
import { historyRowOf } from './recorder.ts'
import { ThreadedStore } from './threaded-store.ts'

const DAY_MS = 86_400_000
const LIMITS = { resultsFor: DAY_MS, fiveMinutesFor: DAY_MS, historyFor: DAY_MS }

/** A store in a thread that can be made to fall over, in a file of its own. */
async function aThread(t: TestContext, url?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'payer-status-thread-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const log = memoryLog()
  const settings = { ...LIMITS, maxSize: 2 ** 40, remember: DAY_MS }
  const store = new ThreadedStore({
    start: {
      settings: { ...settings, url: url ?? `sqlite:${join(folder, 'history.db')}` },
      log: { level: 'error', isTerminal: false },
    },
    clock: systemClock,
    log,
    entry: new URL('../../test/support/crashing-store.ts', import.meta.url),
  })
  t.after(() => store[Symbol.asyncDispose]())
  return { store, log }
}

function aBatch(parts: Partial<StoreBatch> = {}): StoreBatch {
  return { entries: [], results: [], timeline: [], rev: 100, ...parts }
}

const row = (ago: number) => historyRowOf(aResult({ at: Date.now() - ago }), 60_000)
const LATELY = { from: Date.now() - DAY_MS / 2, to: Date.now() + DAY_MS / 2 }

test('a thread that falls over is started again, opens the store and goes on', async (t) => {
  const { store, log } = await aThread(t)
  assert.equal(await store.restore('e1'), null)
  await store.write(aBatch({ results: [row(2_000)] }))

  const asked = store.backup('crash')
  await assert.rejects(asked, StoreError)
  const meanwhile = store.figures()
  await assert.rejects(meanwhile, StoreError)
  await writtenAtLast(store, aBatch({ results: [row(1_000)] }))
  const results = await store.results({ ...LATELY, endpoint: 'aetna/eligibility', limit: 9 })

  assert.equal(results.length, 2)
  assert.equal(store.restarts, 1)
  assert.deepEqual(
    log.lines.map(({ message }) => message),
    ['store thread failed', 'store thread ended, starting another'],
  )
})

test('a batch is written once when the thread falls over before it has said that it has written it', async (t) => {
  const { store } = await aThread(t)
  await store.restore('e1')
  const batch = aBatch({ id: 'crash', results: [row(1_000)] })

  await assert.rejects(store.write(batch), { isUnsure: true })
  await writtenAtLast(store, batch)
  const results = await store.results({ ...LATELY, endpoint: 'aetna/eligibility', limit: 9 })

  assert.equal(results.length, 1)
  assert.equal(store.restarts, 1)
})

/** Sends a batch until the store has it. */
async function writtenAtLast(store: ThreadedStore, batch: StoreBatch): Promise<void> {
  const isWritten = () =>
    store.write(batch).then(
      () => true,
      () => false,
    )
  while (!(await isWritten())) await setImmediate()
}

test('what an operator can act on is heard as it was said', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'payer-status-thread-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'notes.txt')
  await writeFile(file, 'nothing but notes\n'.repeat(100))
  const { store } = await aThread(t, `sqlite:${file}`)

  await assert.rejects(store.restore('e1'), {
    name: 'StoreError',
    isPassing: false,
    message: /is no database: expected an SQLite file or none$/,
  })
})

test('an ended store is as a new one finds it', async (t) => {
  const { store } = await aThread(t)
  await store.restore('e1')
  await store.write(aBatch())

  await store.close()
  const again = await store.restore('e2')

  assert.deepEqual([again?.epoch, again?.clean, again?.rev], ['e1', true, 100])
})
