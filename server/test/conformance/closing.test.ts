import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../support/far-side.ts'
import { aServer } from '../support/serve-house.ts'
import { close, frame, OPCODE, ping, text } from './frames.ts'
import { aWire, codeOf, question, singly, type Wire } from './wire.ts'

/** Makes the server begin to close, and waits until it has: three frames that are not understood within 10 s. */
async function untilServerCloses(wire: Wire): Promise<number> {
  wire.send(text('1'), text('2'), text('3'))
  for (let errors = 0; errors < 3; errors++) await wire.said()
  return codeOf((await wire.next())!)
}

/** A question to the same server, answered: it has had time for anything that it meant to do at once. */
async function aRoundTrip(house: { port: number }): Promise<void> {
  using other = await aWire(house)
  other.send(ping())
  await other.next()
}

test('section 5.5.1: an empty close is answered by a close, and the server ends TCP first', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(close())

  assert.equal(await wire.closedWith(), 1005)
})

const may = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
const registeredLater = [1012, 1013, 1014]
for (const code of [...may, ...registeredLater])
  test(`section 7.4: a close with ${code} is answered with the same, and the server ends TCP first`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)

    wire.send(close(code))

    assert.equal(await wire.closedWith(), code)
  })

for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])
  test(`section 7.4: a close with ${code}, which may not be sent, is answered with 1002`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)

    wire.send(close(code))

    assert.equal(await wire.closedWith(), 1002)
  })

test('section 5.5.1: a close of one byte is answered with 1002', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(frame({ opcode: OPCODE.close, payload: Buffer.from([3]) }))

  assert.equal(await wire.closedWith(), 1002)
})

const reasons: [title: string, reason: Buffer | string, code: number][] = [
  ['of one byte', 'x', 1000],
  ['of 122 bytes', 'x'.repeat(122), 1000],
  ['of 123 bytes', 'x'.repeat(123), 1000],
  ['of 123 bytes of UTF-8', `${'κ'.repeat(60)}健`, 1000],
  ['of 124 bytes', 'x'.repeat(124), 1002],
  ['that is not UTF-8', Buffer.from([0xc3, 0x28]), 1007],
  [
    'that ends inside a character',
    Buffer.from('long enough to be read natively 健').subarray(0, -1),
    1007,
  ],
  ['with a surrogate', Buffer.from([0xed, 0xa0, 0x80]), 1007],
]

for (const [title, reason, code] of reasons)
  test(`section 5.5.1: a close with a reason ${title} is answered with ${code}`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)

    wire.send(close(1000, reason))

    assert.equal(await wire.closedWith(), code)
  })

test('section 5.5.1: a close that arrives byte by byte is answered', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  await wire.trickle(singly(close(3333, 'goodbye')))

  assert.equal(await wire.closedWith(), 3333)
})

const late: [title: string, frames: Buffer[]][] = [
  ['a text', [text(question(7))]],
  ['a ping', [ping('late')]],
  ['a second close', [close(1001)]],
  ['a broken frame', [frame({ opcode: 3, rsv: 7, mask: null })]],
  ['bytes that are no frame', [Buffer.alloc(100_000, 0xff)]],
]

for (const [title, frames] of late)
  test(`section 5.5.1: ${title} after a close is ignored`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)

    wire.send(close(1000), ...frames)

    assert.equal(await wire.closedWith(), 1000)
    assert.equal(house.hub.counters.framesReceived, 0)
  })

test('section 5.5.1: what came before a close is answered first', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(ping('one'), text(question(7)), close(1000))
  const all = await wire.untilEnd()

  assert.deepEqual(
    all.map(({ opcode }) => opcode),
    [OPCODE.pong, OPCODE.text, OPCODE.close],
  )
})

test('section 7.1.2: a server that begins to close waits for the answer, then ends TCP', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  const code = await untilServerCloses(wire)
  await aRoundTrip(house)
  const endedEarly = wire.hasEnded
  wire.send(close(code))

  assert.equal(code, 4000)
  assert.equal(endedEarly, false)
  assert.deepEqual(await wire.untilEnd(), [])
})

test('section 5.5.1: a server that has sent its close sends nothing more, and reads nothing but the answer', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  wire.send(text('{"type":"subscribe"}'))
  await wire.said()
  const code = await untilServerCloses(wire)

  house.book.result('aetna/login')
  house.changed()
  wire.send(ping('late'), text(question(7)), close(code))

  assert.deepEqual(await wire.untilEnd(), [])
  assert.equal(house.hub.size, 0)
})

test('section 7.1.7: a broken frame instead of the answer to a close ends the connection', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  await untilServerCloses(wire)

  wire.send(frame({ opcode: 3 }))

  assert.deepEqual(await wire.untilEnd(), [])
})

test('section 7.1.1: a client that never answers a close is cut off after 5 s', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] }) // the package takes no other clock
  await using house = await aServer()
  using wire = await aWire(house)
  await untilServerCloses(wire)

  t.mock.timers.tick(4_999)
  await aRoundTrip(house)
  const endedEarly = wire.hasEnded
  t.mock.timers.tick(1)

  assert.deepEqual(await wire.untilEnd(), [])
  assert.equal(endedEarly, false)
})

test('section 7.1.1: a client that never ends TCP after a close is cut off after 5 s', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  await using house = await aServer()
  using wire = await aWire(house)
  wire.send(close(1000))
  await wire.until(OPCODE.close)
  assert.equal(await wire.next(), undefined)

  t.mock.timers.tick(5_000)
  const isCut = () => {
    wire.socket.write(ping())
    return wire.socket.destroyed
  }

  await until(isCut)
})
