import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { driverContract } from '../../test/support/driver-contract.ts'
import { bytes, HOUR, NOW } from '../../test/support/driver-rows.ts'
import { openSqlite } from './sqlite.ts'

const ALWAYS = { from: 0, to: NOW + 100 * 24 * HOUR }

/** A file that is not there yet, in a folder that is not there yet. */
function aFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'payer-status-store-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'data/store.db')
}

driverContract('sqlite', async (t) => {
  const file = aFile(t)
  return async () => openSqlite(file)
})

test('sqlite: what is committed is there when it is opened again, with its series', async (t) => {
  const file = aFile(t)
  const rollups = [{ endpoint: 1, at: NOW, resolution: HOUR, packed: bytes(1) }]
  {
    await using driver = openSqlite(file)
    await driver.commit({ meta: new Map([['epoch', 'e1']]), rollups })
  }
  await using again = openSqlite(file)
  await again.commit({ rollups })

  assert.equal((await again.load()).meta.get('epoch'), 'e1')
  assert.equal((await again.rollups(1, { ...ALWAYS, resolution: HOUR })).length, 2)
})

test('sqlite: a second writer is refused, a reader is not', async (t) => {
  const file = aFile(t)
  await using driver = openSqlite(file)
  await driver.commit({ meta: new Map([['epoch', 'e1']]) })

  assert.throws(() => openSqlite(file), {
    name: 'StoreError',
    message: `store ${file} is in use: expected no other monitor that writes to it; stop the other, or give this one a store.url of its own`,
  })
  await using reader = openSqlite(file, { readOnly: true })
  assert.equal((await reader.load()).meta.get('epoch'), 'e1')
  await assert.rejects(reader.commit({ packedUpTo: 1 }), { message: /open for reading only/ })
})

test('sqlite: a lock goes with its driver', async (t) => {
  const file = aFile(t)
  const before = openSqlite(file)
  await before[Symbol.asyncDispose]()
  await before[Symbol.asyncDispose]()

  await using driver = openSqlite(file)

  assert.deepEqual((await driver.load()).journal, [])
})

/** Files that cannot be a store, and what is said of them. */
const UNFIT: [string, (file: string) => void, RegExp][] = [
  [
    'text',
    (file) => writeFileSync(file, 'not a database'.repeat(500)),
    /is no database: expected an SQLite file or none$/,
  ],
  [
    'a folder',
    (file) => mkdirSync(file),
    /cannot be opened: expected a file in a folder that this user may write to$/,
  ],
  [
    'a database of another program',
    (file) => sql(file, 'CREATE TABLE t (a)'),
    /is another program's database: expected ours or no file$/,
  ],
]

for (const [what, make, message] of UNFIT)
  test(`sqlite: ${what} is refused, and stays as it is`, (t) => {
    const file = aFile(t)
    mkdirSync(dirname(file))
    make(file)
    const before = statSync(file).mtimeMs

    assert.throws(() => openSqlite(file), { name: 'StoreError', message })
    assert.equal(statSync(file).mtimeMs, before)
  })

test('sqlite: a folder that cannot be made is named', (t) => {
  const file = aFile(t)
  writeFileSync(dirname(file), '')

  assert.throws(() => openSqlite(file), {
    name: 'StoreError',
    message: `store ${file} cannot be opened: expected a file in a folder that this user may write to`,
  })
})

test('sqlite: a folder that nobody can make is named, and the search ends', () => {
  assert.throws(() => openSqlite('/proc/none/below/history.db'), {
    name: 'StoreError',
    message: 'store /proc/none/below/history.db cannot be opened: ENOENT',
  })
})

test('sqlite: a file of a later version is refused', async (t) => {
  const file = aFile(t)
  await openSqlite(file)[Symbol.asyncDispose]()
  sql(file, 'PRAGMA user_version = 99')

  assert.throws(() => openSqlite(file), {
    name: 'StoreError',
    message: `store ${file} is of version 99: expected at most 1; run the later payer-status that wrote it`,
  })
})

test('sqlite: a commit that fails leaves nothing, and the next one works', async (t) => {
  await using driver = openSqlite(aFile(t))
  const [good, bad] = [1, 2 ** 40].map((endpoint) => ({
    endpoint,
    at: NOW,
    rows: 1,
    packed: bytes(1),
  }))
  const rollups = [{ endpoint: 1, at: NOW, resolution: HOUR, packed: bytes(1) }]

  await assert.rejects(
    driver.commit({
      meta: new Map([['epoch', 'e1']]),
      endpoints: new Map([[1, 'a']]),
      journal: { id: 1, packed: bytes(1) },
      rollups,
      chunks: [good!, bad!],
    }),
    { name: 'StoreError', message: /expected at most 1048576 endpoints/ },
  )
  await driver.commit({ rollups, chunks: [good!] })

  const { meta, journal, endpoints } = await driver.load()
  assert.deepEqual([meta.size, journal.length, endpoints.size], [0, 0, 0])
  assert.equal((await driver.chunks(1, ALWAYS)).length, 1)
  assert.equal((await driver.rollups(1, { ...ALWAYS, resolution: HOUR })).length, 1)
})

test('sqlite: what has expired is given back to the file system', async (t) => {
  const file = aFile(t)
  await using driver = openSqlite(file)
  const packed = new Uint8Array(50_000)
  for (let hour = 0; hour < 100; hour++)
    await driver.commit({ chunks: [{ endpoint: 1, at: NOW + hour * HOUR, rows: 1, packed }] })
  const size = await driver.size()

  await driver.commit({ expire: { chunks: NOW + 100 * HOUR } })
  for (let n = 0; n < 10; n++) await driver.commit({ meta: new Map([['n', String(n)]]) })

  assert.ok((await driver.size()) < size / 2)
  sql(file, 'PRAGMA wal_checkpoint(TRUNCATE)')
  assert.ok(statSync(file).size < 2_000_000, `${statSync(file).size} bytes`)
})

test('sqlite: the write-ahead log stays small', async (t) => {
  const file = aFile(t)
  await using driver = openSqlite(file)
  const packed = new Uint8Array(100_000)
  for (let id = 1; id <= 400; id++)
    await driver.commit({ journal: { id, packed }, packedUpTo: id - 1 })

  assert.ok(statSync(`${file}-wal`).size < 20 * 1024 ** 2)
})

test('sqlite: a full disk stops commits, and only until there is room', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'payer-status-full-'))
  await using ending = new AsyncDisposableStack()
  ending.defer(() => rmSync(folder, { recursive: true, force: true }))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', folder])
  if (mounted.status !== 0) return t.skip('not run: needs the right to mount')
  ending.defer(() => void spawnSync('umount', [folder]))
  const file = join(folder, 'store.db')
  const ballast = join(folder, 'ballast')
  writeFileSync(ballast, new Uint8Array(1_000_000))
  const driver = ending.use(openSqlite(file))

  const commit = (id: number) =>
    driver.commit({
      meta: new Map([['n', String(id)]]),
      journal: { id, packed: new Uint8Array(20_000) },
    })
  let written = 0
  const failure = await (async () => {
    for (;;) await commit(written + 1).then(() => written++)
  })().catch((error) => error)

  assert.equal(failure.message, `store ${file} cannot be written: the disk is full`)
  assert.equal(failure.code, 'ERR_STORE')
  const { meta, journal } = await driver.load()
  assert.equal(journal.length, written)
  assert.equal(meta.get('n'), String(written))

  rmSync(ballast)
  await commit(written + 1)

  assert.equal((await driver.load()).journal.length, written + 1)
})

test('sqlite: nothing is said on standard error', (t) => {
  const file = aFile(t)
  const script = `const { openSqlite } = await import(${JSON.stringify(import.meta.resolve('./sqlite.ts'))}); openSqlite(${JSON.stringify(file)})`
  const { stderr, status } = spawnSync(
    process.execPath,
    ['--conditions=source', '--input-type=module', '-e', script],
    { encoding: 'utf8' },
  )

  assert.equal(stderr, '')
  assert.equal(status, 0)
  assert.ok(existsSync(file))
})

function sql(file: string, text: string): void {
  const database = new DatabaseSync(file)
  database.exec(text)
  database.close()
}
