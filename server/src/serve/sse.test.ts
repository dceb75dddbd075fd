import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ServerFrame } from '@payer-status/protocol'
import { aServer } from '../../test/support/serve-house.ts'

type Event = { event?: string; id?: string; retry?: string; data?: string }

/** Reads a stream of events by the HTML standard, as far as ours go. */
class EventReader {
  readonly #reader: ReadableStreamDefaultReader<string>
  #text = ''

  constructor(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = body.pipeThrough(new TextDecoderStream()).getReader()
  }

  async next(): Promise<Event> {
    while (!this.#text.includes('\n\n')) {
      const { value, done } = await this.#reader.read()
      if (done) return {}
      this.#text += value
    }
    const [block = '', ...rest] = this.#text.split('\n\n')
    this.#text = rest.join('\n\n')
    return Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)))
  }
}

type House = Awaited<ReturnType<typeof aServer>>

async function open(house: House, query = '', headers: Record<string, string> = {}) {
  const abort = new AbortController()
  const response = await fetch(`http://127.0.0.1:${house.port}/events${query}`, {
    headers,
    signal: abort.signal,
  })
  assert.ok(response.body)
  const events = new EventReader(response.body)
  return { response, events, next: () => events.next(), cut: () => abort.abort() }
}

const dataOf = ({ data }: Event) => ServerFrame.parse(JSON.parse(data ?? ''))

test('events are the frames of v2: retry, hello, snapshot, updates, with ids to resume from', async () => {
  await using house = await aServer()
  const { response, next, cut } = await open(house, '?payers=aetna&types=login')

  const [retry, hello, snapshot] = [await next(), await next(), await next()]
  const rev = house.book.result('aetna/login')
  house.changed()
  const updates = await next()
  cut()

  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.ok(Number(retry.retry) >= 1_000 && Number(retry.retry) <= 5_000)
  assert.deepEqual([hello.event, hello.id], ['hello', undefined])
  assert.deepEqual([snapshot.event, snapshot.id], ['snapshot', 'e1:5'])
  assert.deepEqual([updates.event, updates.id], ['updates', `e1:${rev}`])
  assert.deepEqual(
    [hello, snapshot, updates].map((event) => dataOf(event).type),
    ['hello', 'snapshot', 'updates'],
  )
})

test('only the last part of a snapshot has an id: a cut before it must not look like a position', async () => {
  await using house = await aServer()
  for (let i = 0; i < 250; i++) house.book.endpoint(`aetna/e${i}`, { vantage: 'x'.repeat(3_000) })
  const { next, cut } = await open(house)
  await next()
  await next()

  const ids: (string | undefined)[] = []
  while (ids.at(-1) === undefined) ids.push((await next()).id)
  cut()

  assert.ok(ids.length > 2)
  assert.deepEqual(ids.at(-1), `e1:${house.book.board.rev}`)
})

test('Last-Event-ID resumes with exactly what changed since', async () => {
  await using house = await aServer()
  const rev = house.book.result('cigna/eligibility')

  const { next, cut } = await open(house, '', { 'last-event-id': `e1:${rev - 1}` })
  await next()
  await next()
  const frame = dataOf(await next())
  cut()

  assert.equal(frame.type === 'updates' && frame.endpoints?.length, 1)
  assert.deepEqual(house.hub.counters.resumes, { resumed: 1, snapshot: 0 })
})

for (const id of ['e0:3', 'e1:999', 'e1', 'e1:-1', ':', 'x'.repeat(5_000), '__proto__'])
  test(`a Last-Event-ID of ${id.slice(0, 12)} gets a snapshot`, async () => {
    await using house = await aServer()

    const { next, cut } = await open(house, '', { 'last-event-id': id })
    await next()
    await next()
    const { event } = await next()
    cut()

    assert.equal(event, 'snapshot')
  })

test('detail=status is obeyed', async () => {
  await using house = await aServer()
  const { next, cut } = await open(house, '?detail=status')
  for (let i = 0; i < 3; i++) await next()

  house.book.result('aetna/login')
  house.changed()
  const rev = house.book.endpoint('cigna/eligibility', { status: 'down' })
  house.changed()
  const frame = dataOf(await next())
  cut()

  assert.equal(frame.type === 'updates' && frame.rev, rev)
  assert.equal(frame.type === 'updates' && frame.endpoints?.length, 1)
})

for (const [query, code, says] of [
  ['?payer=aetna', 'invalid_request', /expected only payers, types, endpoints, detail/],
  ['?detail=canary', 'invalid_request', /detail: expected one of/],
  ['?detail=status&detail=result', 'invalid_request', /detail: expected one value/],
  [`?types=${'x'.repeat(201)}`, 'invalid_request', /at most 200 characters/],
  ['?payers=aetns,aetnb-canary', 'unknown_name', /near names: aetna/],
  ['?endpoints=aetna/canary', 'unknown_name', /no endpoint has this name/],
] as const)
  test(`the query ${query.slice(0, 30)} is answered 400 before the stream starts, without repeating it`, async () => {
    await using house = await aServer()

    const response = await fetch(`http://127.0.0.1:${house.port}/events${query}`)
    const problem = await response.text()

    assert.equal(response.status, 400)
    assert.equal(response.headers.get('content-type'), 'application/problem+json')
    assert.equal(JSON.parse(problem).code, code)
    assert.match(problem, says)
    assert.doesNotMatch(problem, /canary/)
    assert.equal(house.hub.size, 0)
  })

test('SSE clients share the places of WebSocket clients, and give theirs back', async () => {
  await using house = await aServer({ settings: { maxConnections: 1 } })
  const client = await house.client('payer-status-v2').opened()

  const refused = await fetch(`http://127.0.0.1:${house.port}/events`)
  client.ws.close()
  await client.closed()
  const { response, cut } = await open(house)
  cut()

  assert.equal(refused.status, 503)
  assert.ok(Number(refused.headers.get('retry-after')) >= 1)
  assert.equal(response.status, 200)
})

test('heartbeats keep the stream alive and move the position', async () => {
  await using house = await aServer({ settings: { heartbeat: 30 } })
  const { next, cut } = await open(house, '?payers=cigna')
  for (let i = 0; i < 3; i++) await next()

  const rev = house.book.result('aetna/login')
  house.changed()
  let event = await next()
  while (event.id !== `e1:${rev}`) event = await next()
  cut()

  assert.equal(event.event, 'heartbeat')
})

test('drain is told, then the stream ends', async () => {
  await using house = await aServer()
  const { next } = await open(house)
  for (let i = 0; i < 3; i++) await next()

  const drained = house.hub.drain(1)
  const drain = await next()
  const end = await next()
  await drained

  assert.deepEqual(dataOf(drain), { type: 'drain', reconnectAfterMs: [500, 8_000] })
  assert.deepEqual(end, {})
})
