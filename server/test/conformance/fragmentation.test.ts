import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer } from '../support/serve-house.ts'
import { close, fragments, frame, OPCODE, ping, text } from './frames.ts'
import { answer, aWire, codeOf, question, singly } from './wire.ts'

/** A text in as many pieces of about the same length. */
function cut(whole: string, count: number): string[] {
  const at = (i: number) => Math.round((whole.length * i) / count)
  return Array.from({ length: count }, (_, i) => whole.slice(at(i), at(i + 1)))
}

for (let count = 2; count <= 16; count++)
  test(`section 5.4: a text in ${count} fragments is understood`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)

    wire.send(...fragments(cut(question(7, 100), count)), text(question(8)))

    assert.deepEqual(await wire.said(), answer(7))
    assert.deepEqual(await wire.said(), answer(8))
  })

for (const count of [17, 18, 1_000])
  test(`a message in ${count} fragments closes with 1008 and is counted as that`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)

    wire.send(...fragments(cut(question(7, count), count)))

    assert.equal(await wire.closedWith(), 1008)
    assert.deepEqual([...house.hub.counters.closes], [['1008:server', 1]])
  })

test('fragments that never end close with 1008, be they empty', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  const empty = frame({ opcode: OPCODE.more, fin: false })

  wire.send(frame({ opcode: OPCODE.text, fin: false }), ...Array<Buffer>(16).fill(empty))

  assert.equal(await wire.closedWith(), 1008)
})

const whole = question(7)
const withEmpty: [title: string, pieces: string[]][] = [
  ['an empty first one', ['', whole]],
  ['an empty last one', [whole, '']],
  ['an empty one in the middle', [whole.slice(0, 5), '', whole.slice(5)]],
  ['nothing but empty ones around it', ['', '', '', whole, '', '', '']],
]

for (const [title, pieces] of withEmpty)
  test(`section 5.4: a text in fragments with ${title} is understood`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)

    wire.send(...fragments(pieces))

    assert.deepEqual(await wire.said(), answer(7))
  })

test('section 5.4: empty fragments alone are an empty message', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(...fragments(['', '', '']), text(question(8)))

  assert.equal((await wire.said()).code, 'invalid_frame')
  assert.deepEqual(await wire.said(), answer(8))
})

test('section 5.4: a binary message in fragments is one error', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(...fragments(cut(question(7), 5), OPCODE.binary), text(question(8)))

  assert.equal((await wire.said()).code, 'invalid_frame')
  assert.deepEqual(await wire.said(), answer(8))
})

test('section 5.4: fragments of fragmented messages in one segment are told apart', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  const messages = [1, 2, 3, 4].map((id) => fragments(cut(question(id), id + 1)))

  wire.send(...messages.flat())

  for (const id of [1, 2, 3, 4]) assert.deepEqual(await wire.said(), answer(id))
})

test('section 5.4: fragments that arrive byte by byte are understood', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  await wire.trickle(singly(Buffer.concat(fragments(cut(question(7), 5)))))

  assert.deepEqual(await wire.said(), answer(7))
})

test('section 5.4: a ping between fragments is answered at once, and the message goes on', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  const [first, second, last] = fragments(cut(question(7), 3))

  wire.send(first!)
  wire.send(ping('one'))
  const one = await wire.next()
  wire.send(second!, ping('two'))
  const two = await wire.next()
  wire.send(last!)

  assert.deepEqual([one?.opcode, two?.opcode], [OPCODE.pong, OPCODE.pong])
  assert.deepEqual([String(one?.payload), String(two?.payload)], ['one', 'two'])
  assert.deepEqual(await wire.said(), answer(7))
})

test('section 5.5.3: a pong between fragments changes nothing', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  const pong = frame({ opcode: OPCODE.pong, payload: 'unasked' })

  wire.send(...fragments(cut(question(7), 4)).flatMap((fragment) => [fragment, pong]))

  assert.deepEqual(await wire.said(), answer(7))
})

test('section 5.4: a close between fragments is answered, and the message is none', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  const [first, last] = fragments(cut(question(7), 2))

  wire.send(first!, close(1000), last!)

  assert.equal(await wire.closedWith(), 1000)
  assert.equal(house.hub.counters.framesReceived, 0)
})

test('section 7.4.1: fragments of more than 64 KiB together close with 1009', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(...fragments([' '.repeat(40_000), ' '.repeat(25_537)]))

  assert.equal(await wire.closedWith(), 1009)
})

test('section 5.4: fragments of 64 KiB together are read', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(...fragments([' '.repeat(40_000), ' '.repeat(25_536)]), text(question(8)))

  assert.equal((await wire.said()).code, 'too_large')
  assert.deepEqual(await wire.said(), answer(8))
})

test('section 5.4: a broken frame between fragments closes with 1002, and the message is none', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  const [first, last] = fragments(cut(question(7), 2))

  wire.send(first!, frame({ opcode: OPCODE.ping, fin: false }), last!)
  const all = await wire.untilEnd()

  assert.deepEqual(all.map(codeOf), [1002])
})
