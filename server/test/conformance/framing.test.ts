import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer } from '../support/serve-house.ts'
import { frame, OPCODE, ping, text } from './frames.ts'
import { answer, aWire, codeOf, question, singly } from './wire.ts'

for (const length of [21, 125, 126, 127, 128, 1_024, 16_383, 16_384])
  test(`section 5.2: a text of ${length} bytes is understood`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)

    wire.send(text(question(7, length)))

    assert.deepEqual(await wire.said(), answer(7))
  })

for (const length of [16_385, 65_535, 65_536])
  test(`section 5.2: a text of ${length} bytes is read, and said to be too large`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)

    wire.send(text(question(7, length)), text(question(8)))

    assert.equal((await wire.said()).code, 'too_large')
    assert.deepEqual(await wire.said(), answer(8))
  })

test('section 5.2: a text of no bytes is a message, though not JSON', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(text(''), text(question(7)))

  assert.equal((await wire.said()).code, 'invalid_frame')
  assert.deepEqual(await wire.said(), answer(7))
})

for (const length of [0, 1, 125, 126, 65_535, 65_536])
  test(`section 5.6: a binary message of ${length} bytes is an error on v2, and the next frame is understood`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)
    const payload = Buffer.alloc(length, 0xff)

    wire.send(frame({ opcode: OPCODE.binary, payload }), text(question(7)))

    assert.deepEqual(await wire.said(), {
      type: 'error',
      code: 'invalid_frame',
      message: 'expected a text frame, got a binary one',
      issues: [],
    })
    assert.deepEqual(await wire.said(), answer(7))
  })

test('section 5.6: a binary message on v1 closes with 1007', async () => {
  await using house = await aServer()
  using wire = await aWire(house, 'payer-status-v1')

  wire.send(frame({ opcode: OPCODE.binary, payload: '{"action":"ping"}' }))
  const closing = await wire.next()

  assert.equal(codeOf(closing!), 1007)
})

const header = (...bytes: number[]) => Buffer.from(bytes)
const tooLong: [title: string, bytes: Buffer][] = [
  ['65,537 bytes', text(' '.repeat(65_537))],
  ['a million bytes', text(' '.repeat(1_000_000))],
  ['a binary 65,537 bytes', frame({ opcode: OPCODE.binary, payload: Buffer.alloc(65_537) })],
  ['an announced 2^17', header(0x81, 0xff, 0, 0, 0, 0, 0, 2, 0, 0)],
  ['an announced 2^32 - 1', header(0x81, 0xff, 0, 0, 0, 0, 255, 255, 255, 255)],
  ['an announced 2^32', header(0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0)],
  ['an announced 2^53 - 1', header(0x81, 0xff, 0, 31, 255, 255, 255, 255, 255, 255)],
  ['an announced 2^53', header(0x81, 0xff, 0, 32, 0, 0, 0, 0, 0, 0)],
  ['an announced 2^63, whose first bit must be 0', header(0x81, 0xff, 128, 0, 0, 0, 0, 0, 0, 0)],
  ['an announced 2^64 - 1', header(0x81, ...Array(9).fill(255))],
]

for (const [title, bytes] of tooLong)
  test(`section 7.4.1: a frame of ${title} closes with 1009 and is counted as that`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)

    wire.send(bytes)

    assert.equal(await wire.closedWith(), 1009)
    assert.deepEqual([...house.hub.counters.closes], [['1009:server', 1]])
  })

for (const lengthBytes of [2, 8] as const)
  for (const opcode of [OPCODE.text, OPCODE.ping])
    test(`section 5.2: a short length in ${lengthBytes} bytes, opcode ${opcode}, is understood or refused, and nothing else`, async () => {
      await using house = await aServer()
      using wire = await aWire(house)

      wire.send(frame({ opcode, payload: question(7), lengthBytes }))
      const first = await wire.next()

      // The RFC binds the sender alone; control frames have no other length than the short one.
      if (opcode === OPCODE.text && first?.opcode === OPCODE.text)
        assert.deepEqual(JSON.parse(first.payload.toString()), answer(7))
      else assert.equal(codeOf(first!), 1002)
    })

for (const length of [21, 125, 126, 127])
  test(`section 5.4: a text of ${length} bytes that arrives byte by byte is understood`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)

    await wire.trickle(singly(text(question(7, length))))

    assert.deepEqual(await wire.said(), answer(7))
  })

test('section 5.4: a header that is cut anywhere is understood', async () => {
  await using house = await aServer()
  const bytes = text(question(7, 127))

  for (let cut = 1; cut <= 9; cut++) {
    using wire = await aWire(house)
    await wire.trickle([bytes.subarray(0, cut), bytes.subarray(cut)])

    assert.deepEqual(await wire.said(), answer(7), `cut after ${cut} bytes`)
  }
})

test('section 5.4: 65,536 bytes in pieces of 997 are understood', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  const bytes = text(question(7, 65_536))
  const pieces = Array.from({ length: Math.ceil(bytes.length / 997) }, (_, i) =>
    bytes.subarray(i * 997, (i + 1) * 997),
  )

  await wire.trickle(pieces)

  assert.equal((await wire.said()).code, 'too_large')
})

test('a payload in more than 256 pieces is given up with 1008, whatever it would have been', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  await wire.trickle(singly(text(question(7, 16_384))))

  assert.equal(await wire.closedWith(), 1008)
})

test('section 5.4: several frames in one segment are understood one after another', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(text(question(1)), ping('between'), text(question(2)), text(question(3)))
  const frames = [await wire.next(), await wire.next(), await wire.next(), await wire.next()]

  const texts = frames.filter((one) => one?.opcode === OPCODE.text)
  assert.deepEqual(
    texts.map((one) => JSON.parse(String(one?.payload))),
    [answer(1), answer(2), answer(3)],
  )
  assert.equal(String(frames.find((one) => one?.opcode === OPCODE.pong)?.payload), 'between')
})

for (const mask of ['00000000', 'ffffffff', '01020304', '00000001', '7b7b7b7b'])
  test(`section 5.3: a text masked with ${mask} is understood`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)
    const payload = question(7, 201)

    wire.send(frame({ opcode: OPCODE.text, payload, mask: Buffer.from(mask, 'hex') }))

    assert.deepEqual(await wire.said(), answer(7))
  })
