import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { LogEntry, LogRecord } from '../../src/model.ts'
import type { Driver } from '../../src/store/driver.ts'
import { endpointRecord, payerRecord } from './board-with.ts'
import { expiryContract } from './driver-contract-expiry.ts'
import { incidentsContract } from './driver-contract-incidents.ts'
import { bytes, change, HOUR, type Holds, NOW, plain } from './driver-rows.ts'

const DAY = 24 * HOUR

/** Opens a new, empty place for each test, or says why it cannot; what it returns opens that place again. */
export type Place = (t: TestContext) => Promise<(() => Promise<Driver>) | string>

/** What every driver holds to. */
export function driverContract(name: string, place: Place): void {
  const holds: Holds = (what, run) => {
    test(`${name}: ${what}`, async (t) => {
      const open = await place(t)
      if (typeof open === 'string') return t.skip(`not run: ${open}`)
      return run(open)
    })
  }

  holds('a new place is empty', async (open) => {
    await using driver = await open()

    const loaded = await driver.load()

    assert.deepEqual(loaded, { meta: new Map(), endpoints: new Map(), entries: [], journal: [] })
    assert.equal(await driver.oldestChunkAt(), null)
    assert.equal(await driver.incident('inc_1'), null)
  })

  holds('meta, endpoints, records and journals are loaded as they were committed', async (open) => {
    await using driver = await open()
    const entries = [
      entryOf(endpointRecord('aetna/eligibility'), 7),
      entryOf(payerRecord('aetna'), 9),
      entryOf({ kind: 'endpoint', id: 'gone', value: null }, 11),
    ]
    await driver.commit({
      meta: new Map([
        ['epoch', 'e1'],
        ['rev', '4096'],
      ]),
      endpoints: new Map([
        [1, 'aetna/eligibility'],
        [2, 'gone'],
      ]),
      entries,
      journal: { id: 1, packed: bytes(1, 2, 255) },
    })
    await driver.commit({ journal: { id: 2, packed: bytes() } })

    const loaded = await driver.load()

    assert.deepEqual(
      loaded.meta,
      new Map([
        ['epoch', 'e1'],
        ['rev', '4096'],
      ]),
    )
    assert.deepEqual(
      loaded.endpoints,
      new Map([
        [1, 'aetna/eligibility'],
        [2, 'gone'],
      ]),
    )
    assert.deepEqual(byId(loaded.entries), byId(entries))
    assert.deepEqual(plain(loaded.journal), [
      { id: 1, packed: [1, 2, 255] },
      { id: 2, packed: [] },
    ])
  })

  holds('what comes again takes the place of what was', async (open) => {
    await using driver = await open()
    const record = payerRecord('aetna')
    const replaced = { ...change(0, 'maintenance'), planned: true, gap: true }
    await driver.commit({
      meta: new Map([['rev', '1']]),
      endpoints: new Map([[1, 'a']]),
      entries: [entryOf(record, 1), entryOf(payerRecord('cigna'), 2)],
      days: [{ day: 1, packed: bytes(1) }],
      timeline: [change(0, 'down')],
    })
    await driver.commit({
      meta: new Map([['rev', '2']]),
      endpoints: new Map([[1, 'b']]),
      entries: [entryOf(record, 5)],
      forgotten: [{ kind: 'payer', id: 'cigna' }],
      days: [{ day: 1, packed: bytes(2, 2) }],
      timeline: [replaced],
    })

    const loaded = await driver.load()

    assert.equal(loaded.meta.get('rev'), '2')
    assert.equal(loaded.endpoints.get(1), 'b')
    assert.deepEqual(
      loaded.entries.map(({ id, rev }) => [id, rev]),
      [['aetna', 5]],
    )
    assert.deepEqual(plain(await driver.days(1, 2)), [{ day: 1, packed: [2, 2] }])
    assert.deepEqual(await driver.timeline(1, { from: NOW, to: NOW + 1 }), [replaced])
  })

  holds('chunks and roll-ups are appended, also at the same time', async (open) => {
    await using driver = await open()
    const rows = [HOUR, 0, 0].map((after, n) => ({
      endpoint: 1,
      at: NOW + after,
      rows: n + 1,
      packed: bytes(n),
    }))
    for (const row of rows)
      await driver.commit({ chunks: [row], rollups: [{ ...row, resolution: HOUR }] })
    const span = { from: NOW, to: NOW + DAY }

    const chunks = await driver.chunks(1, span)
    const rollups = await driver.rollups(1, { ...span, resolution: HOUR })

    assert.deepEqual(
      chunks.map(({ at, rows: count }) => [(at - NOW) / HOUR, count]),
      [
        [0, 2],
        [0, 3],
        [1, 1],
      ],
    )
    assert.deepEqual(
      rollups.map(({ packed }) => packed[0]),
      [1, 2, 0],
    )
  })

  holds('journals go once they are packed, with the commit that packs them', async (open) => {
    await using driver = await open()
    for (const id of [1, 2, 3]) await driver.commit({ journal: { id, packed: bytes(id) } })
    await driver.commit({ packedUpTo: 2, journal: { id: 4, packed: bytes(4) } })

    const { journal } = await driver.load()

    assert.deepEqual(
      journal.map(({ id }) => id),
      [3, 4],
    )
  })

  holds(
    'chunks and roll-ups are those of one endpoint that begin within the span',
    async (open) => {
      await using driver = await open()
      const hours = Array.from({ length: 60 }, (_, hour) => NOW + hour * HOUR)
      const packed = (endpoint: number, at: number) => bytes(endpoint, (at / HOUR) % 251)
      for (const endpoint of [3, 1, 2])
        await driver.commit({
          chunks: hours
            .toReversed()
            .map((at) => ({ endpoint, at, rows: 60, packed: packed(endpoint, at) })),
          rollups: hours.flatMap((at) =>
            [HOUR, 300_000].map((resolution) => ({
              endpoint,
              at,
              resolution,
              packed: packed(endpoint, at),
            })),
          ),
        })
      const span = { from: NOW + HOUR, to: NOW + 50 * HOUR }

      const chunks = await driver.chunks(2, span)
      const rollups = await driver.rollups(2, { ...span, resolution: HOUR })

      const within = hours.slice(1, 50)
      assert.deepEqual(
        plain(chunks),
        within.map((at) => ({ endpoint: 2, at, rows: 60, packed: [...packed(2, at)] })),
      )
      assert.deepEqual(
        plain(rollups),
        within.map((at) => ({ endpoint: 2, at, resolution: HOUR, packed: [...packed(2, at)] })),
      )
      assert.deepEqual(await driver.chunks(4, span), [])
      assert.deepEqual(await driver.chunks(2, { from: NOW - DAY, to: NOW }), [])
      assert.equal((await driver.chunks(1, { from: 0, to: NOW + 100 * DAY })).length, 60)
      assert.deepEqual(await driver.rollups(2, { ...span, resolution: DAY }), [])
    },
  )

  holds('chunks need not begin at round times, and may be large', async (open) => {
    await using driver = await open()
    const large = new Uint8Array(20_000).map((_, i) => i % 256)
    const at = NOW + 6 * HOUR - 1
    await driver.commit({ chunks: [{ endpoint: 1_000_000, at, rows: 4_000, packed: large }] })

    const [chunk] = await driver.chunks(1_000_000, { from: at, to: at + 1 })

    assert.equal(chunk?.at, at)
    assert.deepEqual([...(chunk?.packed ?? [])], [...large])
    assert.deepEqual(await driver.chunks(1_000_000, { from: at - HOUR, to: at }), [])
    assert.equal(await driver.oldestChunkAt(), at)
  })

  holds('a timeline begins with the row in force', async (open) => {
    await using driver = await open()
    const rows = [change(0, 'operational'), change(2, 'down'), change(4, 'operational')]
    const other = { ...change(1, 'degraded'), endpoint: 2 }
    await driver.commit({ timeline: [other, ...rows] })
    const ask = (from: number, to: number, limit = 9) =>
      driver.timeline(1, { from: NOW + from * HOUR, to: NOW + to * HOUR, limit })

    assert.deepEqual(await ask(3, 5), rows.slice(1))
    assert.deepEqual(await ask(3, 5, 1), rows.slice(1, 2))
    assert.deepEqual(await ask(2, 4), rows.slice(1, 2))
    assert.deepEqual(await ask(-2, -1), [])
    assert.deepEqual(await ask(-2, 1), rows.slice(0, 1))
    assert.deepEqual(await driver.timelines(NOW + 2 * HOUR), [...rows.slice(1), other])
    assert.deepEqual(await driver.timelines(0), [...rows, other])
  })

  holds('days are asked by their numbers, the last exclusive', async (open) => {
    await using driver = await open()
    await driver.commit({
      days: [20_003, 20_001, 20_002].map((day) => ({ day, packed: bytes(day % 256) })),
    })

    const days = await driver.days(20_001, 20_003)

    assert.deepEqual(
      days.map(({ day }) => day),
      [20_001, 20_002],
    )
  })

  incidentsContract(holds)
  expiryContract(holds)
}

function entryOf(record: LogRecord, rev: number): LogEntry {
  return { ...record, rev, statusRev: rev - 1, resultRev: rev, at: NOW }
}

function byId(entries: readonly LogEntry[]): LogEntry[] {
  return entries.toSorted((a, b) => a.rev - b.rev)
}
