import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { incidentRecord } from '../../test/support/board-with.ts'
import { aCommandLine } from '../../test/support/fake-io.ts'
import { openEngine } from '../app/store.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { Store } from '../ports.ts'

const CONFIG = `version: 1
store: { url: "sqlite:history.db" }
payers:
  - { name: Alpha, endpoints: [{ type: login, url: "https://alpha.example/" }] }
`
const DAY_MS = 86_400_000

/** A store with one incident, open as a running monitor has it. */
async function aStoreIn(file: string): Promise<Store> {
  const limits = { resultsFor: DAY_MS, fiveMinutesFor: DAY_MS, historyFor: DAY_MS }
  const settings = { url: `sqlite:${file}`, ...limits, maxSize: 2 ** 40, remember: DAY_MS }
  const store = await openEngine(settings, { clock: systemClock, log: silentLog })
  await store.restore('e1')
  const entry = { ...incidentRecord(1), rev: 1, statusRev: 1, resultRev: 1, at: Date.now() }
  await store.write({ entries: [entry], results: [], timeline: [], rev: 100 })
  return store
}

/** A command line in a folder with a store, and the folder. */
async function aHouse(t: Parameters<typeof aCommandLine>[0]) {
  const run = await aCommandLine(t, { 'payers.yaml': CONFIG })
  const where = await run(['backup', 'x', '--store', 'sqlite:nowhere.db'])
  const folder = /store (.+)\/nowhere\.db /.exec(where.err)?.[1] ?? ''
  return { run, folder }
}

test('a store that is in use is copied into a new file, and the copy is a store', async (t) => {
  const { run, folder } = await aHouse(t)
  await using store = await aStoreIn(join(folder, 'history.db'))

  const { code, out, err } = await run(['backup', 'copy.db'])
  await store.write({ entries: [], results: [], timeline: [], rev: 200 })
  await using copy = await aStoreIn(join(folder, 'copy.db'))

  assert.deepEqual([code, err], [0, ''])
  assert.equal(out, `${join(folder, 'copy.db')}: 1 MiB\n`)
  assert.equal((await copy.restore('e2'))?.epoch, 'e1')
  assert.equal((await copy.incidents({ limit: 9 })).length, 1)
})

test('how far it is is told on a terminal', async (t) => {
  const { run, folder } = await aHouse(t)
  await using _ = await aStoreIn(join(folder, 'history.db'))

  const { err } = await run(['backup', 'copy.db'], { terminal: { isTTY: true } })

  assert.match(err, /0 of 1 MiB copied/)
})

test('what is odd in a name is not written to the terminal', async (t) => {
  const { run, folder } = await aHouse(t)
  await using _ = await aStoreIn(join(folder, 'history.db'))

  const { code, err } = await run(['backup', 'a\u001b[2J/b'])

  assert.equal(code, 2)
  assert.match(err, /\/a\?\[2J\/b cannot be opened: expected a file in a folder/)
})

test('a copy never goes over a file that is there', async (t) => {
  const { run, folder } = await aHouse(t)
  await using _ = await aStoreIn(join(folder, 'history.db'))

  const { code, err } = await run(['backup', 'payers.yaml'])

  assert.equal(code, 2)
  assert.match(err, /payers\.yaml is there already: expected a file that is not\n$/)
})

for (const [what, args, message] of [
  ['nothing', ['backup'], /^error: missing required argument 'file'\nSee --help\.\n$/],
  ['two files', ['backup', 'a', 'b'], /^error: too many arguments/],
  ['memory', ['backup', 'a', '--store', 'memory:'], /^store\.url is memory: expected/],
  [
    'PostgreSQL',
    ['backup', 'a', '--store', 'postgres://u:secret@h/d'],
    /^store\.url is Postgre[^@]*$/,
  ],
  ['another address', ['backup', 'a', '--store', 'file:x'], /^--store: /],
  ['a store that is not there', ['backup', 'a'], /history\.db cannot be opened: expected a file/],
  ['no database', ['backup', 'a', '--store', 'sqlite:payers.yaml'], /is no database: expected/],
  ['a folder', ['backup', '.', '--store', 'sqlite:payers.yaml'], /is no database: expected/],
] as const)
  test(`${what} is refused, and nothing is made`, async (t) => {
    const { run, folder } = await aHouse(t)

    const { code, out, err } = await run(args)

    assert.deepEqual([code, out], [2, ''])
    assert.match(err, message)
    assert.deepEqual(await readdir(folder), ['payers.yaml'])
  })
