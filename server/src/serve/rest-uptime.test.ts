import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boardWith, endpointRecord, payerRecord } from '../../test/support/board-with.ts'
import { startHttp } from '../../test/support/http-monitor.ts'
import { knownHistory } from '../../test/support/known-history.ts'
import type { DayMinutes } from '../model.ts'
import { Uptime } from './api/history-shapes.ts'

const TODAY = Date.UTC(2026, 0, 1) / 86_400_000

function aDay(ago: number, parts: Partial<DayMinutes>): DayMinutes {
  const none = { operational: 0, degraded: 0, down: 0, maintenance: 0, planned: 0 }
  return { day: TODAY - ago, ...none, ...parts }
}

async function uptime(url: string, query = '') {
  const answer = await fetch(`${url}/api/v1/uptime?${query}`)
  assert.equal(answer.headers.get('cache-control'), 'no-cache')
  return Uptime.parse(await answer.json())
}

test('each endpoint has its availability by day, and what was not observed is null', async (t) => {
  const days = new Map([
    [
      'aetna/eligibility',
      [
        aDay(3, { operational: 1_438.5, down: 1.5 }),
        aDay(2, { operational: 1_000, degraded: 80, maintenance: 360, planned: 360 }),
        aDay(1, { operational: 1_000 }),
      ],
    ],
  ])
  const { url, clock } = await startHttp(t, { history: knownHistory({ days }) })
  await clock.advance(12 * 3_600_000)

  const { days: dates, items, next } = await uptime(url, 'days=4')

  assert.deepEqual(dates, ['2025-12-29', '2025-12-30', '2025-12-31', '2026-01-01'])
  assert.equal(next, null)
  assert.deepEqual(items[0], {
    endpoint: 'aetna/eligibility',
    payer: 'aetna',
    type: 'eligibility',
    coverage: 0.7698,
    availability: null,
    netAvailability: null,
    daily: [0.9989, 0.75, null, null],
    minutes: {
      operational: [1_438.5, 1_000, 1_000, 0],
      degraded: [0, 80, 0, 0],
      down: [1.5, 0, 0, 0],
      maintenance: [0, 360, 0, 0],
      planned: [0, 360, 0, 0],
    },
  })
  assert.deepEqual(items[1]?.daily, [null, null, null, null])
  assert.deepEqual(items[1]?.minutes, {})
})

test('of today only what has passed of it counts', async (t) => {
  const days = new Map([['aetna/login', [aDay(0, { operational: 600, down: 100 })]]])
  const { url, clock } = await startHttp(t, { history: knownHistory({ days }) })
  await clock.advance(12 * 3_600_000)

  const { items } = await uptime(url, 'days=1&type=login')

  const [row] = items
  assert.deepEqual([row?.coverage, row?.availability, row?.daily], [0.9722, 0.8571, [0.8571]])
})

test('it is asked of the store for those that match, page by page, and of all at once for all', async (t) => {
  const history = knownHistory({})
  const { url } = await startHttp(t, { history })
  const ids = async (query: string) => (await uptime(url, query)).items.map((row) => row.endpoint)
  const first = await uptime(url, 'limit=2')

  assert.deepEqual(await ids('payer=Aetna'), ['aetna/eligibility', 'aetna/login'])
  assert.deepEqual(await ids('type=provider_portal'), ['aetna/login'])
  assert.deepEqual(await ids(`limit=2&cursor=${first.next}`), ['cigna/eligibility'])
  assert.deepEqual(await ids(''), ['aetna/eligibility', 'aetna/login', 'cigna/eligibility'])
  const span = { from: (TODAY - 29) * 86_400_000, to: (TODAY + 1) * 86_400_000 }
  assert.deepEqual(history.asked, [
    ['days', { ...span, endpoints: ['aetna/eligibility', 'aetna/login'] }],
    ['days', { ...span, endpoints: ['aetna/eligibility', 'aetna/login'] }],
    ['days', { ...span, endpoints: ['aetna/login'] }],
    ['days', { ...span, endpoints: ['cigna/eligibility'] }],
    ['days', span],
  ])
})

test('a large answer is made in several turns, and is whole', async (t) => {
  const ids = Array.from({ length: 1_234 }, (_, i) => `a/e${String(i).padStart(4, '0')}`)
  const board = boardWith([payerRecord('a'), ...ids.map((id) => endpointRecord(id))])
  const days = new Map(ids.map((id) => [id, [aDay(1, { operational: 1_440 })]]))
  const { url, clock } = await startHttp(t, { board, history: knownHistory({ days }) })

  const answer = uptime(url, 'limit=10000&days=90')
  let isThere = false
  void answer.finally(() => {
    isThere = true
  })
  while (!isThere) await clock.advance(0)

  const { items, next } = await answer
  assert.deepEqual(
    items.map((row) => row.endpoint),
    ids,
  )
  assert.equal(next, null)
})

for (const query of [
  'days=0',
  'days=91',
  'days=1.5',
  'days=x',
  'limit=10001',
  'limit=0',
  'cursor=x',
  'from=x',
  'payer=nobody',
])
  test(`uptime?${query} is refused`, async (t) => {
    const history = knownHistory({})
    const { url } = await startHttp(t, { history })

    const answer = await fetch(`${url}/api/v1/uptime?${query}`)

    assert.equal(answer.status, 400)
    assert.deepEqual(history.asked, [])
  })
