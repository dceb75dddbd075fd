import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer } from '../support/serve-house.ts'
import { fragments, frame, OPCODE, ping, text } from './frames.ts'
import { answer, aWire, codeOf, question } from './wire.ts'

const names = Object.entries(OPCODE)
const wrong: [title: string, bytes: Buffer][] = [
  ...names.map(([name, opcode]): [string, Buffer] => [
    `section 5.1: a frame without a mask, ${name},`,
    frame({ opcode, mask: null }),
  ]),
  ['section 5.1: a text without a mask', frame({ opcode: 1, payload: question(7), mask: null })],
  ...[1, 2, 3, 4, 5, 6, 7].flatMap((rsv) =>
    names.map(([name, opcode]): [string, Buffer] => [
      `section 5.2: reserved bits ${rsv} on ${name}`,
      frame({ opcode, payload: '{}', rsv }),
    ]),
  ),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode): [string, Buffer][] => [
    [`section 5.2: reserved opcode ${opcode}, empty,`, frame({ opcode })],
    [`section 5.2: reserved opcode ${opcode}`, frame({ opcode, payload: question(7) })],
    [`section 5.2: reserved opcode ${opcode}, not final,`, frame({ opcode, fin: false })],
  ]),
  ...[OPCODE.close, OPCODE.ping, OPCODE.pong].flatMap((opcode): [string, Buffer][] => [
    [`section 5.5: a fragmented control frame ${opcode}`, frame({ opcode, fin: false })],
    [
      `section 5.5: a control frame ${opcode} of 126 bytes`,
      frame({ opcode, payload: Buffer.alloc(126, 0x0f) }),
    ],
    [
      `section 5.5: a control frame ${opcode} of 65,536 bytes`,
      frame({ opcode, payload: Buffer.alloc(65_536, 0x0f) }),
    ],
    [
      `section 5.5: the mere header of a control frame ${opcode} of 126 bytes`,
      frame({ opcode, payload: Buffer.alloc(126) }).subarray(0, 4),
    ],
  ]),
  ['section 5.2: bytes that are no frame', Buffer.alloc(64, 0xff)],
  ['section 5.2: a second handshake', Buffer.from('GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')],
]

for (const [title, bytes] of wrong)
  test(`${title} closes with 1002 and is counted as that`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)

    wire.send(bytes)

    assert.equal(await wire.closedWith(), 1002)
    assert.deepEqual([...house.hub.counters.closes], [['1002:server', 1]])
  })

for (const protocol of ['payer-status-v1', 'payer-status-v2'])
  test(`section 7.1.7: after a broken frame on ${protocol} nothing more is read, not even in the same segment`, async () => {
    await using house = await aServer()
    using wire = await aWire(house, protocol)

    wire.send(frame({ opcode: 3 }), ping('late'), text('not even JSON'), text(question(7)))

    assert.equal(await wire.closedWith(), 1002)
    assert.equal(house.hub.counters.framesReceived, 0)
  })

test('section 7.1.7: what was right before a broken frame is answered, in the same segment too', async () => {
  await using house = await aServer()
  using wire = await aWire(house)

  wire.send(text(question(7)), ping('early'), frame({ opcode: 1, rsv: 4, payload: question(8) }))
  const all = await wire.untilEnd()

  const [first, pong, closing] = all
  assert.equal(all.length, 3)
  assert.deepEqual(JSON.parse(String(first?.payload)), answer(7))
  assert.equal(String(pong?.payload), 'early')
  assert.equal(codeOf(closing!), 1002)
})

const astray: [title: string, frames: Buffer[]][] = [
  ['a continuation of nothing', [frame({ opcode: OPCODE.more, payload: question(7) })]],
  ['an empty continuation of nothing', [frame({ opcode: OPCODE.more })]],
  ['a continuation of nothing that is not final', [frame({ opcode: OPCODE.more, fin: false })]],
  ['a text inside a fragmented text', [frame({ opcode: 1, fin: false }), text('{}')]],
  [
    'a first fragment inside a fragmented text',
    [frame({ opcode: 1, fin: false, payload: '{' }), frame({ opcode: 1, fin: false })],
  ],
  ['a binary inside a fragmented text', [frame({ opcode: 1, fin: false }), frame({ opcode: 2 })]],
  ['a text inside a fragmented binary', [frame({ opcode: 2, fin: false }), text('{}')]],
]

for (const [title, frames] of astray)
  test(`section 5.4: ${title} closes with 1002`, async () => {
    await using house = await aServer()
    using wire = await aWire(house)

    wire.send(...frames)

    assert.equal(await wire.closedWith(), 1002)
  })

test('section 5.4: a continuation after the last fragment closes with 1002', async () => {
  await using house = await aServer()
  using wire = await aWire(house)
  const rest = frame({ opcode: OPCODE.more, payload: '}' })

  wire.send(...fragments([question(7), '  ']), rest)

  assert.deepEqual(await wire.said(), answer(7))
  assert.equal(await wire.closedWith(), 1002)
})
