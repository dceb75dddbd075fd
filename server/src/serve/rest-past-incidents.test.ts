import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Incident } from '@payer-status/protocol'
import { boardWith, incidentRecord, payerRecord, put } from '../../test/support/board-with.ts'
import { aBoard, startHttp } from '../../test/support/http-monitor.ts'
import { knownHistory } from '../../test/support/known-history.ts'
import { StoreError } from '../lib/errors.ts'
import type { IncidentRecord } from '../model.ts'

const resolved = { status: 'resolved', resolvedAt: '2026-01-01T00:05:00.000Z' } as const

function incident(order: number, parts: Partial<IncidentRecord> = {}): IncidentRecord {
  const { value } = incidentRecord(order, parts)
  return value as IncidentRecord // safe: what incidentRecord makes
}

/** Orders of all incidents, page by page. */
async function orders(url: string, query: string): Promise<number[]> {
  const seen: number[] = []
  let cursor: string | null = ''
  for (let pages = 0; cursor !== null; pages++) {
    assert.ok(pages < 50)
    const answer = await fetch(`${url}/api/v1/incidents?${query}${cursor}`)
    const page = (await answer.json()) as { items: unknown[]; next: string | null }
    for (const item of page.items) seen.push(Number(Incident.parse(item).id.slice(-5)))
    cursor = page.next && `&cursor=${page.next}`
  }
  return seen
}

test('incidents of the board and of history come as one list, each once, in pages of any size', async (t) => {
  const board = boardWith([
    payerRecord('aetna'),
    incidentRecord(3, resolved),
    incidentRecord(5),
    incidentRecord(8, resolved),
  ])
  const incidents = [1, 2, 3, 4, 6, 7].map((order) => incident(order, resolved))
  incidents.push(incident(5), incident(8)) // history is behind: on the board it is resolved already
  const { url } = await startHttp(t, { board, history: knownHistory({ incidents }) })

  for (const limit of [1, 2, 3, 5, 8, 9]) {
    assert.deepEqual(await orders(url, `limit=${limit}`), [8, 7, 6, 5, 4, 3, 2, 1])
    assert.deepEqual(await orders(url, `limit=${limit}&open=true`), [5])
    assert.deepEqual(await orders(url, `limit=${limit}&open=false`), [8, 7, 6, 4, 3, 2, 1])
  }
})

test('whatever is on the board, in history or in both, every page list is their union', async (t) => {
  for (let seed = 1; seed < 40; seed++) {
    const bit = (order: number, salt: number) =>
      ((order * 7919 + seed * 104_729 + salt * 31) >> 3) % 2 === 0
    const all = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    const onBoard = all.filter((order) => bit(order, 1))
    const inHistory = all.filter((order) => !bit(order, 1) || bit(order, 2))
    const board = boardWith([
      payerRecord('aetna'),
      ...onBoard.map((order) => incidentRecord(order, resolved)),
    ])
    const incidents = inHistory.map((order) =>
      incident(order, bit(order, 3) && onBoard.includes(order) ? {} : resolved),
    )
    const { url } = await startHttp(t, { board, history: knownHistory({ incidents }) })

    for (const limit of [1, 2, 4])
      assert.deepEqual(await orders(url, `limit=${limit}&open=false`), all.toReversed(), `${seed}`)
  }
})

test('payers are filtered in history too', async (t) => {
  const incidents = [incident(7, { ...resolved, payers: ['cigna'] }), incident(8, resolved)]
  const { url } = await startHttp(t, { history: knownHistory({ incidents }) })

  assert.deepEqual(await orders(url, 'payer=Cigna'), [7])
  assert.deepEqual(await orders(url, 'payer=60054'), [8, 2, 1])
})

test('an incident that the board has forgotten is found in history, without a position', async (t) => {
  const { url } = await startHttp(t, {
    history: knownHistory({ incidents: [incident(9, resolved)] }),
  })
  const at = (id: string) => fetch(`${url}/api/v1/incidents/${id}`)

  const past = await at(incident(9).id)

  assert.deepEqual(Incident.parse(await past.json()), { ...incident(9, resolved), rev: 0 })
  assert.equal((await at(incident(10).id)).status, 404)
})

test('while the store is down open incidents are told all the same, and what lies in the past is 503', async (t) => {
  const fail = () => Promise.reject(new StoreError('gone'))
  const history = { ...knownHistory({}), incidents: fail, incident: fail }
  const { url } = await startHttp(t, { board: aBoard(), history })
  const status = async (rest: string) => (await fetch(`${url}/api/v1/incidents${rest}`)).status

  assert.deepEqual(await orders(url, 'open=true'), [2])
  assert.equal(await status(`/${incident(1).id}`), 200)
  assert.equal(await status(''), 503)
  assert.equal(await status('?open=false'), 503)
  assert.equal(await status(`/${incident(9).id}`), 503)
})

test('a position is that of before history was asked', async (t) => {
  const board = aBoard()
  const history = knownHistory({})
  const incidents: typeof history.incidents = async (asked) => {
    put(board, incidentRecord(4))
    return history.incidents(asked)
  }
  const { url } = await startHttp(t, { board, history: { ...history, incidents } })
  const rev = board.rev

  const answer = await fetch(`${url}/api/v1/incidents`)

  assert.equal(answer.headers.get('etag'), `"e1:${rev}"`)
})
