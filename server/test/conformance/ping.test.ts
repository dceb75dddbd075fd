import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { aServer } from '../support/serve-house.ts'
import { frame, OPCODE, ping, text } from './frames.ts'
import { answer, aWire, question, singly } from './wire.ts'

/** Pings that a client may send in one burst: docs/protocol.md, limits. */
const BURST = 20

test('section 5.5.3: a pong has the bytes of its ping, whatever they are, from 0 to 125', async () => {
  await using house = await aServer()
  const payloads = Array.from({ length: 126 }, (_, length) => randomBytes(length))

  while (payloads.length > 0) {
    using wire = await aWire(house)
    const some = payloads.splice(0, BURST)
    wire.send(...some.map((payload) => ping(payload)))

    for (const payload of some)
      assert.deepEqual(await wire.next(), { opcode: OPCODE.pong, payload })
  }
})

test('section 5.5.3: pings one after another are answered in order', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  for (let i = 0; i < BURST; i++) {
    wire.send(ping(`ping ${i}`))

    assert.equal(String((await wire.next())?.payload), `ping ${i}`)
  }
})

test('section 5.5.2: a ping of 125 bytes that arrives byte by byte is answered', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  const payload = randomBytes(125)

  await wire.trickle(singly(ping(payload)))

  assert.deepEqual(await wire.next(), { opcode: OPCODE.pong, payload })
})

test('section 5.5.2: a v1 client gets pongs too', async () => {
  await using house = await aServer()
  using wire = await aWire(house, 'payer-status-v1')

  wire.send(ping('v1'))
  const pong = await wire.next()

  assert.equal(pong?.opcode, OPCODE.pong)
  assert.equal(String(pong.payload), 'v1')
})

test('section 5.5.3: pongs that nobody asked for are ignored, however many and whatever they carry', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  const pongs = Array.from({ length: 126 }, (_, length) =>
    frame({ opcode: OPCODE.pong, payload: randomBytes(length) }),
  )

  wire.send(...pongs, text(question(7)))

  assert.deepEqual(await wire.said(), answer(7))
})

test('section 5.5.2: the pings of the server are small, and it goes on when they are answered', async () => {
  await using house = await aServer({ settings: { unacknowledged: 2_048 } })
  using wire = await aWire(house)
  wire.send(text('{"type":"subscribe"}'))

  // Three quarters of what may be under way makes the server ask what has arrived.
  const asked = await wire.until(OPCODE.ping)
  wire.send(frame({ opcode: OPCODE.pong, payload: asked.payload }))
  house.book.result('aetna/login', { vantage: 'v'.repeat(8_000) })
  house.changed()
  const again = await wire.until(OPCODE.ping)

  assert.ok(asked.payload.length <= 125)
  assert.notDeepEqual(again.payload, asked.payload)
})
