import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Incident, Payer, State } from '@payer-status/protocol'
import { boardWith, endpointRecord, payerRecord, put } from '../../test/support/board-with.ts'
import { startHttp } from '../../test/support/http-monitor.ts'

type List = { items: Record<string, unknown>[]; next: string | null }

async function list(url: string): Promise<List> {
  const response = await fetch(url)
  assert.equal(response.status, 200)
  return (await response.json()) as List
}

const endpointsIn = ({ items }: List) => items.map(({ endpoint }) => endpoint)

test('the payers are listed by id, each in its wire form', async (t) => {
  const { url } = await startHttp(t)

  const { items, next } = await list(`${url}/api/v1/payers`)

  assert.deepEqual(
    items.map((item) => Payer.parse(item).payer),
    ['aetna', 'cigna'],
  )
  assert.equal(next, null)
})

test('a payer is found by id, display name, alias and identifier, in any case', async (t) => {
  const { url } = await startHttp(t)

  for (const name of ['aetna', 'AETNA', 'Aetna%20Better%20Health', '60054']) {
    const response = await fetch(`${url}/api/v1/payers/${name}`)
    assert.equal(Payer.parse(await response.json()).payer, 'aetna')
  }
})

test('endpoints are filtered by payer, type or capability, id and status, all of them together', async (t) => {
  const { url } = await startHttp(t)
  const endpoints = async (query: string) =>
    endpointsIn(await list(`${url}/api/v1/endpoints?${query}`))

  assert.deepEqual(await endpoints(''), ['aetna/eligibility', 'aetna/login', 'cigna/eligibility'])
  assert.deepEqual(await endpoints('payer=Cigna'), ['cigna/eligibility'])
  assert.deepEqual(await endpoints('type=ELIGIBILITY&payer=60054'), ['aetna/eligibility'])
  assert.deepEqual(await endpoints('type=provider_portal'), ['aetna/login'])
  assert.deepEqual(await endpoints('endpoint=Aetna/Login'), ['aetna/login'])
  assert.deepEqual(await endpoints('status=down'), ['aetna/eligibility'])
  assert.deepEqual(await endpoints('status=down&payer=cigna'), [])
})

test('several values may be repeated or separated by commas, and empty ones ask for all', async (t) => {
  const { url } = await startHttp(t)
  const endpoints = async (query: string) =>
    endpointsIn(await list(`${url}/api/v1/endpoints?${query}`))
  const both = ['aetna/eligibility', 'cigna/eligibility']

  assert.deepEqual(await endpoints('status=down,unknown'), both)
  assert.deepEqual(await endpoints('status=down&status=unknown'), both)
  assert.deepEqual(await endpoints('status=down&status=,,%20unknown%20'), both)
  assert.equal((await endpoints('payer=&type=,')).length, 3)
})

test('one endpoint is its state, by the payer’s id or any of its names', async (t) => {
  const { url } = await startHttp(t)

  for (const path of ['aetna/eligibility', '60054/Eligibility']) {
    const response = await fetch(`${url}/api/v1/endpoints/${path}`)
    assert.equal(State.parse(await response.json()).endpoint, 'aetna/eligibility')
  }
})

test('incidents come newest first, open or resolved ones alone when asked, and by payer', async (t) => {
  const { url } = await startHttp(t)
  const statuses = async (query: string) => {
    const { items } = await list(`${url}/api/v1/incidents?${query}`)
    return items.map((item) => Incident.parse(item).status)
  }

  assert.deepEqual(await statuses(''), ['identified', 'resolved'])
  assert.deepEqual(await statuses('open=true'), ['identified'])
  assert.deepEqual(await statuses('open=false'), ['resolved'])
  assert.deepEqual(await statuses('payer=Aetna&open=true'), ['identified'])
  assert.deepEqual(await statuses('payer=cigna'), [])
})

test('one incident is found by its id', async (t) => {
  const { url, board } = await startHttp(t)
  const [first] = board.incidents()

  const response = await fetch(`${url}/api/v1/incidents/${first!.id}`)

  assert.equal(Incident.parse(await response.json()).id, first!.id)
})

test('pages follow each other by their cursor and miss nothing while endpoints come and go', async (t) => {
  const names = Array.from({ length: 7 }, (_, i) => `a/e${i}`)
  const board = boardWith([payerRecord('a'), ...names.map((id) => endpointRecord(id))])
  const { url } = await startHttp(t, { board })

  const first = await list(`${url}/api/v1/endpoints?limit=3`)
  put(board, { kind: 'endpoint', id: 'a/e1', value: null })
  put(board, endpointRecord('a/e0a'))
  const second = await list(`${url}/api/v1/endpoints?limit=3&cursor=${first.next}`)
  const third = await list(`${url}/api/v1/endpoints?limit=3&cursor=${second.next}`)

  assert.deepEqual(endpointsIn(first), ['a/e0', 'a/e1', 'a/e2'])
  assert.deepEqual(endpointsIn(second), ['a/e3', 'a/e4', 'a/e5'])
  assert.deepEqual(endpointsIn(third), ['a/e6'])
  assert.equal(third.next, null)
})

test('a read of live state carries the position as ETag and is 304 until something changes', async (t) => {
  const { url, board } = await startHttp(t)
  const paths = [
    '/status',
    '/status/aetna',
    '/api/config',
    '/api/v1/payers',
    '/api/v1/payers/aetna',
    '/api/v1/endpoints',
    '/api/v1/endpoints/aetna/login',
    '/api/v1/incidents',
  ]

  for (const path of paths) {
    const first = await fetch(url + path)
    const etag = first.headers.get('etag') ?? ''
    assert.equal(etag, `"e1:${board.rev}"`)
    assert.equal(first.headers.get('cache-control'), 'no-cache')
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await fetch(url + path, { headers: { 'if-none-match': tag } })
      assert.equal(again.status, 304)
      assert.equal(await again.text(), '')
      assert.equal(again.headers.get('etag'), etag)
    }
  }
})

test('an ETag from before a change, or of another log, brings the new state', async (t) => {
  const { url, board } = await startHttp(t)
  const etag = `"e1:${board.rev}"`
  put(board, endpointRecord('aetna/login', { status: 'down' }))

  for (const tag of [etag, `"e2:${board.rev}"`, 'e1', '""', 'W/']) {
    const response = await fetch(`${url}/api/v1/endpoints/aetna/login`, {
      headers: { 'if-none-match': tag },
    })
    assert.equal(response.status, 200)
    assert.equal(State.parse(await response.json()).status, 'down')
  }
})

test('a removed payer and its endpoints are gone from every read', async (t) => {
  const { url, board } = await startHttp(t)
  put(board, { kind: 'endpoint', id: 'cigna/eligibility', value: null })
  put(board, { kind: 'payer', id: 'cigna', value: null })

  assert.equal((await fetch(`${url}/api/v1/payers/cigna`)).status, 404)
  assert.equal((await fetch(`${url}/api/v1/endpoints/cigna/eligibility`)).status, 404)
  assert.equal((await list(`${url}/api/v1/payers`)).items.length, 1)
  assert.deepEqual(endpointsIn(await list(`${url}/api/v1/endpoints`)), [
    'aetna/eligibility',
    'aetna/login',
  ])
})
