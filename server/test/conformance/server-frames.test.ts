import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ServerFrame } from '@payer-status/protocol'
import { aServer } from '../support/serve-house.ts'
import { close, OPCODE, ping, text } from './frames.ts'
import { answer, aWire, codeOf, question, type Said, type Wire } from './wire.ts'

// Each frame is held to RFC 6455 where it is read: final, no reserved bits, no mask, the shortest length, UTF-8.

const SUBSCRIBE = text('{"type":"subscribe"}')

test('section 5.1: every kind of frame that v2 sends is one that a server may send', async () => {
  await using house = await aServer({ settings: { heartbeat: 20 } })
  using wire = await aWire(house)

  wire.send(SUBSCRIBE)
  const snapshot = await untilType(wire, 'snapshot') // heartbeats may come before it
  house.book.result('aetna/login')
  house.changed()
  const updates = await untilType(wire, 'updates')
  wire.send(text(question(7)), text('no JSON'), ping())
  const pong = await untilType(wire, 'pong')
  const error = await untilType(wire, 'error')
  const heartbeat = await untilType(wire, 'heartbeat')
  const drained = house.hub.drain(1)
  const drain = await untilType(wire, 'drain')
  await drained
  const goodbye = await wire.until(OPCODE.close)

  for (const said of [snapshot, updates, pong, error, heartbeat, drain]) ServerFrame.parse(said)
  assert.equal(codeOf(goodbye), 4200)
})

async function untilType(wire: Wire, type: string): Promise<Said> {
  for (;;) {
    const { payload } = await wire.until(OPCODE.text)
    const said: Said = JSON.parse(payload.toString())
    if (said.type === type) return said
  }
}

for (const length of [125, 126, 127, 128])
  test(`section 5.2: a frame of ${length} bytes has the shortest length`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)
    wire.send(SUBSCRIBE)
    const { rev } = await wire.said()
    const id = (name: string) => `aetna/${name}`
    const shortest = `{"type":"updates","rev":${Number(rev) + 2},"endpoints":[{"endpoint":"","rev":${Number(rev) + 2},"removed":true}]}`
    const name = id('n'.repeat(length - shortest.length - id('').length))

    house.book.endpoint(name)
    house.book.remove('endpoint', name)
    house.changed()
    const received = await wire.next()

    assert.equal(received?.payload.length, length)
  })

for (const length of [65_534, 65_535, 65_536, 65_537])
  test(`section 5.2: a frame of ${length} bytes has the shortest length`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)
    wire.send(SUBSCRIBE)
    await wire.said()
    house.book.result('aetna/login', { vantage: 'v'.repeat(60_000) })
    house.changed()
    const { payload } = (await wire.next())!

    const missing = length - payload.length
    house.book.result('aetna/login', { vantage: 'v'.repeat(60_000 + missing) })
    house.changed()
    const received = await wire.until(OPCODE.text)

    assert.equal(received.payload.length, length)
  })

test('section 5.2: the length of a frame counts bytes, not characters', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  wire.send(SUBSCRIBE)
  await wire.said()

  house.book.payer('cigna', { name: 'Κλινική 健康 🏥' })
  house.changed()
  const updates = await wire.said()
  wire.send(text(question(7)))

  assert.equal((updates.payers as { name: string }[])[0]?.name, 'Κλινική 健康 🏥')
  assert.deepEqual(await wire.said(), answer(7))
})

test('section 5.6: half a surrogate pair in a name becomes UTF-8 all the same', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  wire.send(SUBSCRIBE)
  await wire.said()

  house.book.payer('cigna', { name: 'half \ud83c of it' })
  house.changed()

  assert.equal((await wire.said()).type, 'updates')
})

test('section 5.4: a snapshot of a megabyte comes in whole frames of at most 256 KiB', async () => {
  await using house = await aServer({ settings: { unacknowledged: 64 * 1_048_576 } })
  using wire = await aWire(house)
  for (let i = 0; i < 50; i++)
    house.book.endpoint(`aetna/many-${i}`, { payerName: 'Aetna', vantage: 'é'.repeat(10_000) })

  wire.send(SUBSCRIBE)
  const parts = [await wire.until(OPCODE.text)]
  const { of } = JSON.parse(String(parts[0]?.payload)) as { of: number }
  while (parts.length < of) parts.push(await wire.until(OPCODE.text))

  assert.ok(of >= 4, String(of))
  for (const { payload } of parts) assert.ok(payload.length <= 256 * 1_024, String(payload.length))
})

test('section 5.1: what v1 is sent are frames that a server may send, one for each result', async () => {
  await using house = await aServer()
  using wire = await aWire(house, 'payer-status-v1')

  house.book.result('aetna/login')
  house.book.result('cigna/eligibility')
  house.changed()
  const results = [await wire.next(), await wire.next()].map((one) =>
    JSON.parse(String(one?.payload)),
  )
  wire.send(close(1000))

  assert.deepEqual(results.map(({ payer }) => payer).sort(), ['Aetna', 'Cigna'])
  assert.equal(await wire.closedWith(), 1000)
})
