import assert from 'node:assert/strict'
import { NEEDS_POSTGRES } from '../../test/support/a-postgres.ts'
import { driverContract } from '../../test/support/driver-contract.ts'
import { bytes, HOUR, NOW } from '../../test/support/driver-rows.ts'
import { onPostgres, thePostgres } from '../../test/support/on-postgres.ts'
import { openPostgres } from './postgres.ts'

const DAY = 24 * HOUR

driverContract('postgres', async () => {
  const postgres = await thePostgres()
  if (postgres === null) return NEEDS_POSTGRES
  const url = await postgres.database()
  return () => openPostgres(url)
})

onPostgres('what is committed is there when it is opened again', async (postgres) => {
  const url = await postgres.database()
  const chunk = { endpoint: 1, at: NOW, rows: 1, packed: bytes(1) }
  {
    await using driver = await openPostgres(url)
    await driver.commit({ meta: new Map([['epoch', 'e1']]), chunks: [chunk] })
  }
  await using again = await openPostgres(url)
  await again.commit({ chunks: [chunk] })

  assert.equal((await again.load()).meta.get('epoch'), 'e1')
  assert.equal((await again.chunks(1, { from: NOW, to: NOW + 1 })).length, 2)
})

onPostgres('a second writer is refused, a reader is not', async (postgres) => {
  const url = await postgres.database()
  await using driver = await openPostgres(url)
  await driver.commit({ meta: new Map([['epoch', 'e1']]) })

  await assert.rejects(openPostgres(url), {
    name: 'StoreError',
    message: /^store postgres:\/\/localhost\/d\d+ is in use: expected no other monitor/,
  })
  await using reader = await openPostgres(url, { readOnly: true })
  assert.equal((await reader.load()).meta.get('epoch'), 'e1')
  await assert.rejects(reader.commit({ packedUpTo: 1 }), { message: /open for reading only/ })
})

onPostgres('a lost connection is made again, and the lock with it', async (postgres) => {
  const url = await postgres.database()
  await using driver = await openPostgres(url)
  await driver.commit({ meta: new Map([['epoch', 'e1']]) })
  await postgres.query(
    url,
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE application_name = 'payer-status' AND datname = current_database()`,
  )

  await driver.commit({ meta: new Map([['epoch', 'e2']]) }).catch(() => undefined)
  await driver.commit({ meta: new Map([['epoch', 'e3']]) })

  assert.equal((await driver.load()).meta.get('epoch'), 'e3')
  await assert.rejects(openPostgres(url), { message: /is in use/ })
})

onPostgres('a commit that fails leaves nothing, and the next one works', async (postgres) => {
  await using driver = await openPostgres(await postgres.database())
  const [good, bad] = [1, 2 ** 40].map((endpoint) => ({
    endpoint,
    at: NOW,
    rows: 1,
    packed: bytes(1),
  }))
  const rollups = [{ endpoint: 1, at: NOW, resolution: HOUR, packed: bytes(1) }]

  await assert.rejects(
    driver.commit({ meta: new Map([['epoch', 'e1']]), rollups, chunks: [good!, bad!] }),
    { name: 'StoreError', message: /fails with PostgreSQL's code 22003$/ },
  )
  await driver.commit({ rollups, chunks: [good!] })

  assert.equal((await driver.load()).meta.size, 0)
  assert.equal((await driver.chunks(1, { from: 0, to: NOW + 1 })).length, 1)
})

onPostgres('what has expired is dropped by the partition', async (postgres) => {
  const url = await postgres.database()
  await using driver = await openPostgres(url)
  const partitions = async () => (await postgres.query(url, 'SELECT 1 FROM pg_inherits')).length
  const times = [0, 1, 2, 3].map((day) => NOW + day * DAY)
  await driver.commit({
    chunks: times.map((at) => ({ endpoint: 1, at, rows: 1, packed: bytes(1) })),
  })
  const before = await partitions()
  const size = await driver.size()

  await driver.commit({ expire: { chunks: NOW + 2 * DAY + 1 } })

  // Each partition has an index of its own.
  assert.equal(before - (await partitions()), 2 * 2)
  assert.ok((await driver.size()) < size)
  assert.equal(await driver.oldestChunkAt(), NOW + 3 * DAY)
})

onPostgres('a schema of a later version is refused', async (postgres) => {
  const url = await postgres.database()
  await (await openPostgres(url))[Symbol.asyncDispose]()
  await postgres.query(url, 'INSERT INTO payer_status.migration VALUES (99)')

  await assert.rejects(openPostgres(url), {
    name: 'StoreError',
    message: /is of version 99: expected at most 1; run the later payer-status that wrote it$/,
  })
})

onPostgres('no error tells the password', async (postgres) => {
  const url = await postgres.database('guarded:tell-nobody')
  await postgres.query(
    url.replace('guarded:tell-nobody', 'postgres'),
    "CREATE ROLE guarded LOGIN PASSWORD 'other'",
  )
  const addresses = [
    url,
    url.replace(/host=[^&]+/, 'host=%2Fnowhere'),
    'postgres://me:tell-nobody@bad host/d',
  ]

  for (const address of addresses) {
    const error = await openPostgres(address).catch((thrown) => thrown)
    assert.equal(error.code, 'ERR_STORE', error.message)
    assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)} ${error.cause}`, /tell-nobody/)
  }
})

onPostgres('text that JSON has and PostgreSQL has not is kept without it', async (postgres) => {
  await using driver = await openPostgres(await postgres.database())
  const value = {
    payer: 'a',
    name: 'a\0b\ud800',
    aliases: ['\\u0000'],
    identifiers: [],
    status: 'down',
    types: {},
  } as const

  await driver.commit({
    entries: [{ kind: 'payer', id: 'a', value, rev: 1, statusRev: 1, resultRev: 1, at: 1 }],
  })

  const [entry] = (await driver.load()).entries
  assert.deepEqual(entry?.value, { ...value, name: 'a\ufffdb\ufffd' })
})

onPostgres('a backup is left to pg_dump', async (postgres) => {
  await using driver = await openPostgres(await postgres.database())

  await assert.rejects(driver.backup(), {
    name: 'StoreError',
    message: /pg_dump --schema=payer_status$/,
  })
})

onPostgres('a reader of one moment does not see what is written meanwhile', async (postgres) => {
  const url = await postgres.database()
  await using driver = await openPostgres(url)
  await driver.commit({ meta: new Map([['epoch', 'e1']]) })

  await using reader = await openPostgres(url, { atOneMoment: true })
  const before = await reader.load()
  await driver.commit({ meta: new Map([['epoch', 'e2']]), endpoints: new Map([[0, 'a/b']]) })
  const after = await reader.load()

  assert.equal(before.meta.get('epoch'), 'e1')
  assert.deepEqual(after, before)
  await assert.rejects(reader.commit({ packedUpTo: 1 }), { message: /open for reading only/ })
})

onPostgres('a reader of one moment whose connection is lost says so', async (postgres) => {
  const url = await postgres.database()
  await using _ = await openPostgres(url)
  await using reader = await openPostgres(url, { atOneMoment: true })
  await reader.load()
  await postgres.query(
    url,
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE application_name = 'payer-status' AND datname = current_database()`,
  )

  await reader.load().catch(() => undefined)

  await assert.rejects(reader.load(), {
    message: /lost the connection while it was read: begin again$/,
  })
})
