import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { aBook } from '../support/hub-house.ts'
import { aServer } from '../support/serve-house.ts'
import { close, frame, OPCODE } from './frames.ts'
import { aWire, question, type Said, type Wire } from './wire.ts'

const NAME = 'oκό健🏥'
/** What a client may send: docs/protocol.md, limits. */
const MOST_FRAGMENTS = 16
const MOST_FRAMES_AT_ONCE = 20
const MOST_INVALID = 2
/** Far below the 256 pieces in which one frame may arrive. */
const MOST_PIECES = 60

/** A message, and what tells that it was understood. */
type Message = { opcode: number; payload: Buffer; answer: string }

const aLength = fc.oneof(fc.nat(200), fc.nat(20_000), fc.constantFrom(126, 127, 65_535, 65_536))
const aQuestion = fc.tuple(fc.nat(), aLength).map(([id, length]): Message => {
  const payload = Buffer.from(question(id, length))
  const answer = payload.length > 16_384 ? 'error too_large' : `pong ${id}`
  return { opcode: OPCODE.text, payload, answer }
})
const aSubscription = fc.constantFrom(NAME, NAME + NAME).map((name): Message => {
  const payload = JSON.stringify({ type: 'subscribe', filter: [{ payers: [name] }] })
  const answer = name === NAME ? 'snapshot' : 'error unknown_name'
  return { opcode: OPCODE.text, payload: Buffer.from(payload), answer }
})
const aBinary = fc.uint8Array({ maxLength: 300 }).map((bytes): Message => {
  return { opcode: OPCODE.binary, payload: Buffer.from(bytes), answer: 'error invalid_frame' }
})

/** Where something is cut, in parts of its length. */
const aPlace = fc.double({ min: 0, max: 1, noNaN: true })
const aControl = fc.record({
  opcode: fc.constantFrom(OPCODE.ping, OPCODE.pong),
  payload: fc.uint8Array({ maxLength: 125 }),
})
const aFragment = fc.record({
  cut: aPlace,
  mask: fc.uint8Array({ minLength: 4, maxLength: 4 }),
  before: fc.array(aControl, { maxLength: 1 }),
})
const aSending = fc.record({
  message: fc.oneof(aQuestion, aSubscription, aBinary),
  fragments: fc.array(aFragment, { minLength: 1, maxLength: MOST_FRAGMENTS }),
})
type Fragment = { cut: number; mask: Uint8Array; before: { opcode: number; payload: Uint8Array }[] }
type Sending = { message: Message; fragments: Fragment[] }

const aConversation = fc
  .record({
    sendings: fc.array(aSending, { minLength: 1, maxLength: 4 }),
    pieces: fc.array(aPlace, { maxLength: MOST_PIECES - 1 }),
  })
  .filter(
    ({ sendings }) =>
      sendings.length + sendings.flatMap(pingsOf).length <= MOST_FRAMES_AT_ONCE &&
      sendings.filter(({ message }) => /large|invalid/.test(message.answer)).length <= MOST_INVALID,
  )

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = places.map((place) => Math.round(place * bytes.length)).sort((a, b) => a - b)
  return [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end))
}

/** One frame for each fragment, and before it the control frames that go there. */
function framesOf({ message, fragments }: Sending): Buffer[] {
  const payloads = cutAt(
    message.payload,
    fragments.slice(1).map(({ cut }) => cut),
  )
  return fragments.flatMap(({ mask, before }, i) => {
    const opcode = i === 0 ? message.opcode : OPCODE.more
    const fin = i === fragments.length - 1
    return [...before.map(frame), frame({ opcode, fin, payload: payloads[i]!, mask })]
  })
}

function pingsOf({ fragments }: Sending): string[] {
  const controls = fragments.flatMap(({ before }) => before)
  return controls
    .filter(({ opcode }) => opcode === OPCODE.ping)
    .map(({ payload }) => Buffer.from(payload).toString('hex'))
}

/** What the server says until it answers a close: its messages, and what its pongs carry. */
async function heardOn(wire: Wire): Promise<{ answers: string[]; pongs: string[] }> {
  const answers: string[] = []
  const pongs: string[] = []
  for (const { opcode, payload } of await wire.untilEnd()) {
    if (opcode === OPCODE.pong) pongs.push(payload.toString('hex'))
    if (opcode === OPCODE.text) answers.push(inShort(JSON.parse(payload.toString())))
  }
  return { answers, pongs }
}

function inShort({ type, id, code }: Said): string {
  return [type, id ?? code].filter((part) => part !== undefined).join(' ')
}

test('section 5.4: a conversation is understood the same, however it is cut into fragments and pieces, whatever control frames lie between', async () => {
  const book = aBook()
  book.payer('cigna', { name: 'Cigna', aliases: [NAME] })
  await using house = await aServer({ book })

  await fc.assert(
    fc.asyncProperty(aConversation, async ({ sendings, pieces }) => {
      using wire = await aWire(house)
      const bytes = Buffer.concat([...sendings.flatMap(framesOf), close(1000)])

      const heard = heardOn(wire)
      await wire.trickle(cutAt(bytes, pieces))

      assert.deepEqual(await heard, {
        answers: sendings.map(({ message }) => message.answer),
        pongs: sendings.flatMap(pingsOf),
      })
    }),
    { numRuns: 200 },
  )
})
