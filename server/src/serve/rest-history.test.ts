import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startHttp } from '../../test/support/http-monitor.ts'
import { aRow, knownHistory } from '../../test/support/known-history.ts'
import { PastLatency, PastResults, PastTimeline } from './api/history-shapes.ts'

const NOW = Date.UTC(2026, 0, 1)
const HOUR_MS = 3_600_000
const endpoint = 'aetna/eligibility'
const path = `/api/v1/endpoints/${endpoint}`

async function read(url: string) {
  const answer = await fetch(url)
  assert.equal(answer.headers.get('cache-control'), 'no-cache')
  assert.equal(answer.status, 200)
  return await answer.json()
}

test('results come newest first and page by page, none twice and none left out, also within one millisecond', async (t) => {
  const times = [5, 4, 3, 3, 3, 3, 3, 2, 1].map((ago) => NOW - ago * 1_000)
  const results = times.map((at, i) => aRow({ at, latencyMs: i }))
  const { url } = await startHttp(t, { history: knownHistory({ results }) })

  for (const limit of [1, 2, 3, 4, 9, 10]) {
    const seen: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = PastResults.parse(await read(`${url}${path}/results?limit=${limit}${cursor}`))
      assert.ok(page.items.length > 0)
      seen.push(...(page.items as { latencyMs: number }[]).map(({ latencyMs }) => latencyMs))
      cursor = page.next && `&cursor=${page.next}`
    }
    assert.deepEqual(seen.toSorted(), [0, 1, 2, 3, 4, 5, 6, 7, 8])
    assert.deepEqual([seen[0], seen.at(-1)], [8, 0])
  }
})

test('a result of the past says what it said when it came, and nothing private', async (t) => {
  const row = aRow({
    at: NOW - 1,
    latencyMs: 812.44,
    statusCode: 503,
    verdict: 'down',
    attribution: 'payer',
    codes: ['HTTP:503'],
    failure: 'http_5xx',
    phases: {
      dnsMs: null,
      connectMs: 1.26,
      tlsMs: null,
      firstByteMs: 800,
      transferMs: 2,
      tokenMs: 3.33,
    },
  })
  const { url } = await startHttp(t, { history: knownHistory({ results: [row] }) })

  const { items } = PastResults.parse(await read(`${url}${path}/results`))

  assert.deepEqual(items, [
    {
      at: '2025-12-31T23:59:59.999Z',
      latencyMs: 812.4,
      statusCode: 503,
      attempts: 1,
      verdict: 'down',
      attribution: 'payer',
      evidence: 'L1',
      codes: ['HTTP:503'],
      phases: {
        dnsMs: null,
        connectMs: 1.3,
        tlsMs: null,
        firstByteMs: 800,
        transferMs: 2,
        tokenMs: 3.3,
      },
      failure: { kind: 'http_5xx' },
    },
  ])
})

test('the stretch is the last day unless it is named, in any offset, and never reaches beyond now', async (t) => {
  const history = knownHistory({})
  const { url } = await startHttp(t, { history })
  const spanAsked = async (query: string) => {
    await read(`${url}${path}/timeline?${query}`)
    const [, { from, to }] = history.asked.at(-1) as [string, { from: number; to: number }]
    return [(from - NOW) / HOUR_MS, (to - NOW) / HOUR_MS]
  }

  assert.deepEqual(await spanAsked(''), [-24, 0])
  assert.deepEqual(await spanAsked('from=2025-12-31T22:00:00Z'), [-2, 0])
  assert.deepEqual(await spanAsked('from=2025-12-31T22:00:00%2B01:00'), [-3, 0])
  assert.deepEqual(await spanAsked('to=2025-12-31T22:00:00Z'), [-26, -2])
  assert.deepEqual(await spanAsked('from=2025-12-31T22:00:00Z&to=9999-12-31T23:59:59Z'), [-2, 0])
})

test('latencies come in steps that begin where a step does, as fine as a chart needs', async (t) => {
  const step = {
    at: NOW - HOUR_MS,
    count: 3,
    failures: 1,
    p50Ms: 1.04,
    p90Ms: 2,
    p95Ms: 3,
    p99Ms: null,
  }
  const history = knownHistory({ latency: [step] })
  const { url } = await startHttp(t, { history })
  const latency = async (query: string) =>
    PastLatency.parse(await read(`${url}${path}/latency?${query}`))

  const day = await latency('')
  assert.deepEqual([day.from, day.to], ['2025-12-31T00:00:00.000Z', '2026-01-01T00:00:00.000Z'])
  assert.deepEqual(day.steps, [
    {
      at: '2025-12-31T23:00:00.000Z',
      count: 3,
      failures: 1,
      availability: 0.6666,
      p50Ms: 1,
      p90Ms: 2,
      p95Ms: 3,
      p99Ms: null,
    },
  ])
  const minutes = async (query: string) => (await latency(query)).stepMs / 60_000
  assert.equal(await minutes(''), 5)
  assert.equal(await minutes('window=25h'), 5)
  assert.equal(await minutes('window=26h'), 15)
  assert.equal(await minutes('window=30d'), 360)
  assert.equal(await minutes('window=400d'), 1_440)
  assert.equal(await minutes('window=100h&step=7m'), 7)
  assert.equal(
    (await latency('from=2025-12-31T22:59:00Z&step=1h')).from,
    '2025-12-31T22:00:00.000Z',
  )
})

test('the timeline begins with what was in force, and goes on page by page', async (t) => {
  const changes = (['operational', 'down', 'degraded', 'operational'] as const).map(
    (status, i) => ({
      endpoint,
      at: NOW - (30 - 8 * i) * HOUR_MS,
      status,
      planned: i === 1,
    }),
  )
  const { url } = await startHttp(t, { history: knownHistory({ timeline: changes }) })

  for (const limit of [1, 2, 3, 4, 5]) {
    const seen: unknown[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = PastTimeline.parse(await read(`${url}${path}/timeline?limit=${limit}${cursor}`))
      seen.push(...page.items)
      cursor = page.next && `&cursor=${page.next}`
    }
    const told = changes.map(({ at, status, planned }) => ({
      at: new Date(at).toISOString(),
      status,
      planned,
    }))
    assert.deepEqual(seen, told)
  }
})
