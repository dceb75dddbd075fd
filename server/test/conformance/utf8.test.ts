import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aBook } from '../support/hub-house.ts'
import { aServer } from '../support/serve-house.ts'
import { fragments, frame, OPCODE, ping, text } from './frames.ts'
import { answer, aWire, codeOf, question, singly } from './wire.ts'

/** Characters of one to four bytes. */
const NAME = 'oκό健🏥'
const SUBSCRIBE = Buffer.from(JSON.stringify({ type: 'subscribe', filter: [{ payers: [NAME] }] }))

/** A server that knows a payer by the name. */
function aServerWithName() {
  const book = aBook()
  book.payer('cigna', { name: 'Cigna', aliases: [NAME] })
  return aServer({ book, settings: { connectionsPerAddress: 1_000, maxConnections: 1_000 } })
}

test('section 5.6: characters of every length come through', async () => {
  await using house = await aServerWithName()
  using wire = await aWire(house)

  wire.send(text(SUBSCRIBE))
  const snapshot = await wire.said()

  assert.equal(snapshot.type, 'snapshot')
  assert.deepEqual(
    (snapshot.endpoints as { endpoint: string }[]).map((one) => one.endpoint),
    ['cigna/eligibility'],
  )
})

test('section 5.6: characters may be cut between fragments at any byte', async () => {
  await using house = await aServerWithName()

  for (let at = 1; at < SUBSCRIBE.length; at++) {
    using wire = await aWire(house)
    wire.send(...fragments([SUBSCRIBE.subarray(0, at), SUBSCRIBE.subarray(at)]))

    assert.equal((await wire.said()).type, 'snapshot', `cut after ${at} bytes`)
  }
})

test('section 5.6: a character may have a fragment for each of its bytes, with pings between', async () => {
  await using house = await aServerWithName()
  using wire = await aWire(house)
  const start = SUBSCRIBE.indexOf('🏥')
  const bytes = [0, 1, 2, 3].map((i) => SUBSCRIBE.subarray(start + i, start + i + 1))
  const pieces = [SUBSCRIBE.subarray(0, start), ...bytes, SUBSCRIBE.subarray(start + 4)]

  wire.send(
    ...fragments(pieces).flatMap((fragment, i) => (i === 0 ? [fragment] : [ping(), fragment])),
  )

  for (let pongs = 0; pongs < 5; pongs++) assert.equal((await wire.next())?.opcode, OPCODE.pong)
  assert.equal((await wire.said()).type, 'snapshot')
})

test('section 5.6: characters that arrive byte by byte come through', async () => {
  await using house = await aServerWithName()
  using wire = await aWire(house)

  await wire.trickle(singly(text(SUBSCRIBE)))

  assert.equal((await wire.said()).type, 'snapshot')
})

/** First and last of each length, the neighbours of the surrogates, and what is assigned to nobody. */
const VALID = [
  0x20, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x1fffe,
  0x1ffff, 0x10fffe, 0x10ffff,
]

for (const point of VALID)
  test(`section 8.1: U+${point.toString(16).toUpperCase().padStart(4, '0')} is UTF-8`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)
    const name = String.fromCodePoint(point)

    wire.send(text(JSON.stringify({ type: 'subscribe', filter: [{ payers: [name] }] })))

    assert.equal((await wire.said()).code, 'unknown_name')
  })

test('section 8.1: U+0000 and a byte order mark are UTF-8, though not JSON', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(text(`\0${question(7)}`), text(`\ufeff${question(7)}`), text(question(8)))

  assert.equal((await wire.said()).code, 'invalid_frame')
  assert.equal((await wire.said()).code, 'invalid_frame')
  assert.deepEqual(await wire.said(), answer(8))
})

const INVALID = {
  'a lone continuation': ['80', 'bf', '80bf', '80bf80bf80'],
  'a start and a space': ['c020', 'df20', 'e020', 'ef20', 'f020', 'f420', 'c3a9e120'],
  'a start without enough after it': ['c3', 'e282', 'e2', 'f09f8f', 'f09f', 'f0', 'c3c3a9'],
  'a byte that UTF-8 lacks': ['c0', 'c1', 'f5', 'fe', 'ff', 'fefeffff'],
  'five or six bytes': ['f888808080', 'fbbfbfbfbf', 'fc8480808080', 'fdbfbfbfbfbf'],
  'an overlong form': [
    'c080',
    'c0af',
    'c1bf',
    'e08080',
    'e080af',
    'e09fbf',
    'f0808080',
    'f08080af',
    'f08fbfbf',
  ],
  'a surrogate': ['eda080', 'edadbf', 'edaebf', 'edafbf', 'edb080', 'edbe80', 'edbfbf'],
  'a pair of surrogates': ['eda080edb080', 'edafbfedbfbf'],
  'more than U+10FFFF': ['f4908080', 'f7bfbfbf', 'f5808080'],
}
/** The package reads short texts itself and leaves long ones to Node: both are tried. */
const PADDING = { short: 0, long: 40 }

for (const [title, sequences] of Object.entries(INVALID))
  for (const [size, padding] of Object.entries(PADDING))
    test(`section 8.1: ${title} in a ${size} text closes with 1007`, async () => {
      await using house = await aServer()

      for (const hex of sequences)
        for (const after of ['', '"'])
          for (const protocol of ['payer-status-v1', 'payer-status-v2']) {
            using wire = await aWire(house, protocol)
            const before = `"${' '.repeat(padding)}`
            wire.send(
              text(
                Buffer.concat([Buffer.from(before), Buffer.from(hex, 'hex'), Buffer.from(after)]),
              ),
            )

            assert.equal(await wire.closedWith(), 1007, `${hex} before ${after} on ${protocol}`)
          }
      const [closes] = house.hub.counters.closes
      assert.equal(closes?.[0], '1007:server')
      assert.equal(house.hub.counters.closes.size, 1)
    })

test('section 8.1: a character that the last fragment does not end closes with 1007', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(...fragments(['"', Buffer.from([0xf0, 0x9f]), Buffer.from([0x8f])]))

  assert.equal(await wire.closedWith(), 1007)
})

test('section 8.1: a character that begins in one message does not end in the next', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(text(Buffer.from([0x22, 0xc3])), text(Buffer.from([0xa9, 0x22])))

  assert.equal(await wire.closedWith(), 1007)
})

test('section 5.5.2: what pings and binary messages carry need not be UTF-8', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  const payload = Buffer.from('eda080ff', 'hex')

  wire.send(ping(payload), frame({ opcode: OPCODE.binary, payload }))

  assert.deepEqual(await wire.next(), { opcode: OPCODE.pong, payload })
  assert.equal((await wire.said()).code, 'invalid_frame')
})

test('section 8.1: a text that is not UTF-8 is not understood, nor what comes after it', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(text(Buffer.from('22c32822', 'hex')), text(question(7)))
  const all = await wire.untilEnd()

  assert.deepEqual(all.map(codeOf), [1007])
})
