import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openSqlite } from './sqlite.ts'

/** A file that is not there yet, in a folder that is not there yet. */
function aFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'payer-status-store-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'data/store.db')
}

test('sqlite: a backup is whole while commits go on, and never over a file', async (t) => {
  const file = aFile(t)
  await using driver = openSqlite(file)
  const packed = new Uint8Array(200_000)
  for (let n = 1; n <= 20; n++)
    await driver.commit({ meta: new Map([['n', String(n)]]), journal: { id: n, packed } })

  const copy = `${file}.copy`
  const copying = driver.backup(copy)
  for (let n = 21; n <= 40; n++)
    await driver.commit({ meta: new Map([['n', String(n)]]), journal: { id: n, packed } })
  await copying

  await using restored = openSqlite(copy)
  const { meta, journal } = await restored.load()
  assert.ok(journal.length >= 20)
  assert.equal(meta.get('n'), String(journal.length))
  await assert.rejects(driver.backup(copy), {
    name: 'StoreError',
    message: `backup ${copy} is there already: expected a file that is not`,
  })
  await assert.rejects(driver.backup(join(file, 'below')), { name: 'StoreError' })
})

test('sqlite: what a broken off backup left is no backup, and in nobody’s way', async (t) => {
  const file = aFile(t)
  await using driver = openSqlite(file)
  writeFileSync(`${file}.copy.part`, 'half of it')

  await driver.backup(`${file}.copy`)

  assert.equal(existsSync(`${file}.copy.part`), false)
  await using restored = openSqlite(`${file}.copy`)
  assert.deepEqual((await restored.load()).journal, [])
})
