import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { startHttp } from '../../test/support/http-monitor.ts'
import { aRow, knownHistory } from '../../test/support/known-history.ts'
import { StoreError } from '../lib/errors.ts'
import { PastResults } from './api/history-shapes.ts'
import { Problem } from './problem.ts'

const NOW = Date.UTC(2026, 0, 1)
const endpoint = 'aetna/eligibility'
const path = `/api/v1/endpoints/${endpoint}`

async function problemAt(url: string) {
  const answer = await fetch(url)
  const { status, code, detail, issues = [] } = Problem.parse(await answer.json())
  return { status, code, said: [detail, ...issues].join(' '), answer }
}

const hostile: [query: string, said: RegExp][] = [
  ['results?from=yesterday', /query from: expected a time such as/],
  ['results?from=2026-02-30T00:00:00Z', /query from: expected a time such as/],
  ['results?from=1767225600000', /query from: expected a time such as/],
  ['results?from=2025-12-31T22:00:00', /query from: expected a time such as/],
  ['results?from=2025-01-01T00:00:00Z&from=2025-01-02T00:00:00Z', /query from: expected a time/],
  ['results?from=2026-01-01T00:00:00Z', /query from: expected a time before now/],
  ['results?from=9999-12-31T23:59:59Z', /query from: expected a time before now/],
  [
    'results?from=2025-12-31T22:00:00Z&to=2025-12-31T22:00:00Z',
    /query from: expected a time before to/,
  ],
  [
    'results?from=2025-12-31T22:00:00Z&to=2025-12-30T22:00:00Z',
    /query from: expected a time before to/,
  ],
  ['results?from=1970-01-01T00:00:00Z', /query from: expected at most 400 days/],
  ['results?from=0001-01-01T00:00:00Z', /query from: expected a time such as .+, from 1970 on/],
  ['latency?to=0000-01-01T00:00:00Z', /query to: expected a time such as .+, from 1970 on/],
  ['results?limit=0', /query limit: expected a whole number from 1 to 1000/],
  ['results?limit=1001', /query limit: expected a whole number/],
  ['results?cursor=xyz', /query cursor: expected the `next` of an earlier answer/],
  ['results?size=3', /unknown parameter; expected from, to, limit, cursor/],
  ['timeline?from=1970-01-01T00:00:00Z', /query from: expected at most 400 days/],
  ['latency?window=0m', /query window: expected a duration such as 24h/],
  ['latency?window=1e3d', /query window: expected a duration such as 24h/],
  ['latency?window=401d', /query window: expected at most 400 days/],
  ['latency?window=999999d', /query window: expected at most 400 days/],
  ['latency?window=24h&from=2025-12-31T22:00:00Z', /query window: expected no from beside it/],
  ['latency?step=1m', /query step: expected at least 5m/],
  ['latency?step=-5m', /query step: expected a duration such as 5m/],
  ['latency?window=7d&step=5m', /query step: expected at most 2000 steps/],
]

for (const [query, said] of hostile)
  test(`${query} is refused, and nothing is asked of the store`, async (t) => {
    const history = knownHistory({})
    const { url } = await startHttp(t, { history })

    const problem = await problemAt(`${url}${path}/${query}`)

    assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'])
    assert.match(problem.said, said)
    assert.deepEqual(history.asked, [])
  })

test('a cursor of another list, another endpoint or another hand is refused', async (t) => {
  const results = [1, 2, 3].map((ago) => aRow({ at: NOW - ago }))
  const { url } = await startHttp(t, { history: knownHistory({ results }) })
  const { next } = PastResults.parse(await (await fetch(`${url}${path}/results?limit=1`)).json())
  const forged = (text: string) => Buffer.from(text).toString('base64url')

  const foreign = [
    `${path}/timeline?cursor=${next}`,
    `/api/v1/endpoints/aetna/login/results?cursor=${next}`,
    `/api/v1/endpoints?cursor=${next}`,
    `/api/v1/uptime?cursor=${next}`,
    `${path}/results?cursor=${forged(`results ${endpoint}:1`)}`,
    `${path}/results?cursor=${forged(`results ${endpoint}:1+99999`)}`,
    `${path}/results?cursor=${forged(`results ${endpoint}:-1+1`)}`,
    `${path}/results?cursor=${forged(`results ${endpoint}:9999999999999999999+1`)}`,
  ]
  for (const address of foreign) {
    const { status, said } = await problemAt(url + address)
    assert.deepEqual([status, /query cursor/.test(said)], [400, true], address)
  }
})

test('an endpoint that nobody knows is 404, with near names', async (t) => {
  const { url } = await startHttp(t, { history: knownHistory({}) })

  for (const what of ['results', 'latency', 'timeline'])
    assert.equal((await problemAt(`${url}/api/v1/endpoints/aetna/logon/${what}`)).status, 404)
})

test('while the store is down history is 503 with a code of its own, and live state goes on', async (t) => {
  const fail = () => Promise.reject(new StoreError('the disk is full'))
  const history = { ...knownHistory({}), results: fail, latency: fail, timeline: fail, days: fail }
  const { url } = await startHttp(t, { history })

  for (const address of [
    `${path}/results`,
    `${path}/latency`,
    `${path}/timeline`,
    '/api/v1/uptime',
  ]) {
    const { status, code, said, answer } = await problemAt(url + address)
    assert.deepEqual(
      [status, code, answer.headers.get('retry-after')],
      [503, 'store_unavailable', '5'],
    )
    assert.doesNotMatch(said, /disk/)
  }
  assert.equal((await fetch(url + path)).status, 200)
})

test('a store that does not answer is given up after ten seconds', async (t) => {
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  const results = () => {
    resolve()
    return new Promise<never>(() => {})
  }
  const { url, clock } = await startHttp(t, { history: { ...knownHistory({}), results } })

  const problem = problemAt(`${url}${path}/results`)
  await asked
  await clock.advance(10_000)

  assert.equal((await problem).code, 'store_unavailable')
  assert.equal(clock.waiting, 0)
})

test('what would begin before 1970 begins there', async (t) => {
  const history = knownHistory({})
  const { url } = await startHttp(t, { history })

  const answer = await fetch(`${url}${path}/latency?to=1970-01-01T00:01:00Z&step=5m`)

  assert.equal(answer.status, 200)
})

test('a store that answers nothing is asked so many questions at once, and no more', async (t) => {
  const hanging = Promise.withResolvers<never[]>()
  let asked = 0
  const results = () => {
    asked++
    return hanging.promise
  }
  const { url } = await startHttp(t, { history: { ...knownHistory({}), results } })
  const first = Array.from({ length: 64 }, () => fetch(`${url}${path}/results`))
  while (asked < 64) await setImmediate()

  const { status, code } = await problemAt(`${url}${path}/results`)
  hanging.resolve([])
  const answers = await Promise.all(first)
  const again = await fetch(`${url}${path}/results`)

  assert.deepEqual([status, code], [503, 'store_unavailable'])
  assert.ok(answers.every(({ ok }) => ok))
  assert.equal(again.status, 200)
  assert.equal(asked, 65)
})

for (const id of ['inc_', 'inc_a%00b', `inc_${'0'.repeat(25)}I`, '%27%3B'])
  test(`the incident ${id} is none, and no store is asked for it`, async (t) => {
    const history = knownHistory({})
    const { url } = await startHttp(t, { history })

    const { status } = await problemAt(`${url}/api/v1/incidents/${id}`)

    assert.equal(status, 404)
    assert.deepEqual(history.asked, [])
  })

test('a cursor that holds no incident is refused', async (t) => {
  const cursor = Buffer.from('incidents:\0').toString('base64url')
  const { url } = await startHttp(t, { history: knownHistory({}) })

  const { status, said } = await problemAt(`${url}/api/v1/incidents?cursor=${cursor}`)

  assert.equal(status, 400)
  assert.match(said, /query cursor: expected the `next` of an earlier answer/)
})
