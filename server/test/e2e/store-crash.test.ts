import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openSqlite } from '../../src/store/sqlite.ts'

const WRITER = join(import.meta.dirname, '../support/crashing-writer.mjs')
const KILLS = 50
/** Writers that are started ahead. */
const AHEAD = 3

test('a store that is killed while it writes 50 times opens with all that was acknowledged', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'payer-status-crash-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'store.db')
  const writers: ChildProcess[] = []
  t.after(() => {
    for (const writer of writers) writer.kill('SIGKILL')
  })
  const start = () => {
    const args = ['--conditions=source', WRITER, file]
    return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  }
  // Writers find what is compiled already: they are killed before they could keep it themselves.
  flushCompileCache()
  let written = 0

  for (let kill = 0; kill < KILLS; kill++) {
    while (writers.length < Math.min(AHEAD, KILLS - kill)) writers.push(start())
    const writer = writers.shift()!
    const acknowledged = await killedAfter(writer, randomInt(1, 12))

    assert.ok(acknowledged > written, `${acknowledged} after ${written}`)
    written = await checked(file, acknowledged)
  }
})

/** Lets a writer go on, kills it after some commits, and says the last that it acknowledged. */
async function killedAfter(writer: ChildProcess, commits: number): Promise<number> {
  const closed = once(writer, 'close')
  let said = ''
  writer.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.split('\n').length > commits) writer.kill('SIGKILL')
  })
  writer.stdin!.write('\n')
  const [, signal] = await closed
  assert.equal(signal, 'SIGKILL')
  return Number(said.split('\n').at(-2))
}

/** Opens the file and says how many commits are in it, each of them whole. */
async function checked(file: string, acknowledged: number): Promise<number> {
  const database = new DatabaseSync(file, { readOnly: true })
  assert.deepEqual(
    { ...database.prepare('PRAGMA integrity_check').get() },
    { integrity_check: 'ok' },
  )
  database.close()

  await using driver = openSqlite(file)
  const { meta, entries, journal } = await driver.load()
  const n = Number(meta.get('n'))
  assert.ok(n >= acknowledged, `${n} of ${acknowledged}`)
  assert.deepEqual(
    entries.map(({ rev }) => rev),
    [n],
  )
  const ids = journal.map(({ id }) => id)
  assert.deepEqual(
    ids,
    Array.from({ length: Math.min(n, 20) }, (_, i) => n - Math.min(n, 20) + 1 + i),
  )
  for (const endpoint of [1, 2, 3]) {
    const chunks = await driver.chunks(endpoint, {
      from: (n - 40) * 60_000,
      to: Number.MAX_SAFE_INTEGER,
    })
    const numbers = chunks.map(({ rows }) => rows)
    const first = Math.max(1, n - 40)
    assert.deepEqual(
      numbers,
      Array.from({ length: n - first + 1 }, (_, i) => first + i),
    )
  }
  assert.equal((await driver.timeline(1, { from: n, to: n + 1 })).length, 1)
  return n
}
