import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Window } from '@payer-status/protocol'
import { announcing, windowRecord } from '../../test/support/maintenance-house.ts'
import { Problem } from './problem.ts'

test('windows are listed by their begin, narrowed by payer, type, state and time, page by page', async (t) => {
  const { get } = await announcing(t, [
    windowRecord(3, { startsAt: '2026-01-11T05:00:00.000Z', endsAt: '2026-01-11T11:00:00.000Z' }),
    windowRecord(1),
    windowRecord(2, { types: ['login'], state: 'in_progress' }),
    windowRecord(4, { payer: 'cigna', state: 'completed', via: 'nobody' }),
    windowRecord(5, { state: 'overrun', endsAt: '2026-01-01T11:00:00.000Z' }),
    { kind: 'window', id: 'mw_gone', value: null },
  ])
  const listed = async (query: string) => {
    const answer = await get(`/api/v1/maintenance?${query}`)
    assert.equal(answer.status, 200, answer.text)
    const { items, next } = answer.json as { items: unknown[]; next: string | null }
    return { ids: items.map((item) => Number(Window.parse(item).id.slice(-2))), next }
  }

  assert.deepEqual((await listed('')).ids, [1, 2, 4, 5, 3])
  assert.deepEqual((await listed('payer=cigna')).ids, [4])
  assert.deepEqual((await listed('type=eligibility')).ids, [1, 5, 3])
  assert.deepEqual((await listed('type=provider_portal&payer=60054')).ids, [1, 2, 5, 3])
  assert.deepEqual((await listed('state=in_progress,overrun')).ids, [2, 5])
  assert.deepEqual((await listed('from=2026-01-04T11:00:00Z')).ids, [5, 3])
  assert.deepEqual((await listed('to=2026-01-04T05:00:00Z')).ids, [])
  assert.deepEqual(
    (await listed('from=2026-01-04T10:59:59Z&to=2026-01-05T00:00:00Z')).ids,
    [1, 2, 4, 5],
  )
  const first = await listed('limit=4')
  assert.deepEqual(first.ids, [1, 2, 4, 5])
  assert.deepEqual(await listed(`limit=4&cursor=${first.next}`), { ids: [3], next: null })
})

test('a query that is not as expected is refused', async (t) => {
  const { get } = await announcing(t)

  for (const query of [
    'payer=nobody',
    'type=nothing',
    'state=implied',
    'from=tomorrow',
    'to=1',
    'limit=0',
    'cursor=x',
    'open=true',
  ]) {
    const { status, json } = await get(`/api/v1/maintenance?${query}`)
    assert.equal(status, 400, query)
    Problem.parse(json)
  }
  for (const query of ['payer=nobody', 'cursor=x', 'type=login'])
    assert.equal((await get(`/api/v1/maintenance/plans?${query}`)).status, 400, query)
})
