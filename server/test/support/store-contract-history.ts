import assert from 'node:assert/strict'
import {
  aBatch,
  aRow,
  aStore,
  aTimeout,
  type ContractTests,
  DAY,
  HOUR,
  MINUTE,
  START,
} from './a-store.ts'
import { FakeClock } from './fake-clock.ts'

const EVER = { from: 0, to: START + 1_000 * DAY }

/** What every store tells of results, statuses and days. */
export const HISTORY: ContractTests = {
  async 'results come back as they were written, newest first, before and after they are packed'(
    place,
  ) {
    await using store = await aStore(place)
    await store.restore('e1')
    const phases = {
      dnsMs: 1.5,
      connectMs: 2,
      tlsMs: 30.1,
      firstByteMs: 80,
      transferMs: 0,
      tokenMs: 5,
    }
    const rows = [
      aRow(),
      aTimeout({ at: START + MINUTE, attempts: 3 }),
      aRow({ at: START + 2 * MINUTE, phases, codes: ['HTTP:200', 'AAA:75'], evidence: 'L3' }),
    ]
    await store.write(aBatch({ results: rows.slice(0, 2) }))
    await store.write(aBatch({ results: [...rows.slice(2), aRow({ endpoint: 'a/y' })] }))
    const asked = { ...EVER, endpoint: 'a/x', limit: 10 }
    const fresh = await store.results(asked)
    store.clock.jump(2 * HOUR)
    await store.tidy()

    const packed = await store.results(asked)

    assert.deepEqual(fresh, rows.toReversed())
    assert.deepEqual(packed, rows.toReversed())
    assert.deepEqual(await store.results({ ...asked, limit: 1 }), [rows[2]])
    assert.deepEqual(await store.results({ ...asked, to: rows[1]!.at }), [rows[0]])
    assert.deepEqual(await store.results({ ...asked, endpoint: 'a/z' }), [])
  },

  async 'a crash loses no batch, and packs none twice'(place) {
    const rows = Array.from({ length: 50 }, (_, i) => aRow({ at: START + i * MINUTE }))
    const clock = new FakeClock(START)
    {
      await using first = await aStore(place, { clock })
      await first.restore('e1')
      for (const row of rows) await first.write(aBatch({ results: [row] }))
      clock.jump(2 * HOUR)
      await first.tidy()
      await first.write(aBatch({ results: [aRow({ at: START + 50 * MINUTE })] }))
    }
    await using second = await aStore(place, { clock })
    await second.restore('e2')
    await second.tidy()

    const asked = { ...EVER, endpoint: 'a/x' }
    const ats = (await second.results({ ...asked, limit: 99 })).map(({ at }) => at)

    assert.deepEqual(ats, [START + 50 * MINUTE, ...rows.map(({ at }) => at).toReversed()])
    const [hour] = await second.latency({ ...asked, stepMs: HOUR })
    assert.equal(hour?.count, 51)
  },

  async 'latencies are answered step by step, and what did not answer only counts'(place) {
    await using store = await aStore(place)
    await store.restore('e1')
    const results = [10, 20, 30, 40].map((latencyMs, i) =>
      aRow({ at: START + i * MINUTE, latencyMs }),
    )
    const dead = [5, 6].map((i) => aTimeout({ at: START + i * MINUTE }))
    await store.write(aBatch({ results: [...results, ...dead] }))
    store.clock.jump(2 * HOUR)
    await store.tidy()

    const steps = await store.latency({ ...EVER, endpoint: 'a/x', stepMs: 5 * MINUTE })

    const [alive, silent] = steps
    assert.equal(steps.length, 2)
    assert.deepEqual([alive?.at, alive?.count, alive?.failures], [START, 4, 0])
    assert.ok(Math.abs((alive?.p50Ms ?? 0) - 20) <= 0.2)
    assert.ok(Math.abs((alive?.p99Ms ?? 0) - 40) <= 0.4)
    const nothing = { p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null }
    assert.deepEqual(silent, { at: START + 5 * MINUTE, count: 2, failures: 2, ...nothing })
  },

  async 'a status holds until the next, and a silence is unknown'(place) {
    await using store = await aStore(place)
    await store.restore('e1')
    const results = [0, 1, 2, 30].map((minute) => aRow({ at: START + minute * MINUTE }))
    const timeline = [
      { endpoint: 'a/x', at: START, status: 'operational' as const, planned: false },
      { endpoint: 'a/x', at: START + MINUTE, status: 'down' as const, planned: true },
    ]
    await store.write(aBatch({ results, timeline }))
    store.clock.jump(31 * MINUTE)

    const rows = await store.timeline({ ...EVER, endpoint: 'a/x' })
    const late = await store.timeline({
      from: START + 90_000,
      to: START + 100_000,
      endpoint: 'a/x',
    })

    assert.deepEqual(
      rows.map(({ at, status, planned }) => [(at - START) / MINUTE, status, planned]),
      [
        [0, 'operational', false],
        [1, 'down', true],
        [2, 'unknown', false],
        [30, 'down', true],
      ],
    )
    assert.deepEqual(late, rows.slice(1, 2))
  },

  async 'minutes per status are exact, on the running day and on packed ones'(place) {
    await using store = await aStore(place)
    await store.restore('e1')
    const results = Array.from({ length: 24 * 60 }, (_, i) => aRow({ at: START + i * MINUTE }))
    const timeline = [
      { endpoint: 'a/x', at: START, status: 'operational' as const, planned: false },
      { endpoint: 'a/x', at: START + 90_500, status: 'maintenance' as const, planned: true },
      { endpoint: 'a/x', at: START + 10 * MINUTE, status: 'operational' as const, planned: false },
    ]
    await store.write(aBatch({ results, timeline }))
    store.clock.jump(DAY - 1)
    const running = await store.days(EVER)
    store.clock.jump(2 * HOUR)
    await store.tidy()

    const packed = await store.days({ ...EVER, endpoints: ['a/x', 'a/z'] })

    const day = { day: START / DAY, degraded: 0, down: 0 }
    const maintenance = (10 * MINUTE - 90_500) / MINUTE
    const open = { ...day, maintenance, planned: maintenance }
    const upTo = (end: number) => ({ ...open, operational: (end - 10 * MINUTE + 90_500) / MINUTE })
    assert.deepEqual(running, new Map([['a/x', [upTo(DAY - 1)]]]))
    assert.deepEqual(packed, new Map([['a/x', [upTo(DAY - MINUTE)]]]))
  },

  async 'old results go, their figures stay'(place) {
    await using store = await aStore(place, { resultsFor: HOUR, fiveMinutesFor: DAY })
    await store.restore('e1')
    await store.write(aBatch({ results: [aRow(), aTimeout({ at: START + MINUTE })] }))
    for (let hour = 0; hour < 3 * 24 + 2; hour++) {
      store.clock.jump(HOUR)
      await store.tidy()
      for (let i = 0; i < 12; i++) {
        await store.clock.advance(10_000)
        await store.tidy()
      }
    }

    const asked = { ...EVER, endpoint: 'a/x' }

    assert.deepEqual(await store.results({ ...asked, limit: 10 }), [])
    const [step, ...more] = await store.latency({ ...asked, stepMs: 5 * MINUTE })
    assert.deepEqual([step?.at, step?.count, step?.failures], [START, 2, 1])
    assert.deepEqual(more, [])
    assert.equal((await store.figures()).oldestResultAt, null)
  },
}
