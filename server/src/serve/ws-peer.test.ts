import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { Asking } from './asking.ts'
import { WsPeer } from './ws-peer.ts'

function aPeer() {
  const clock = new FakeClock()
  const ws = { readyState: 1, extensions: '', close() {}, terminate() {} }
  const socket = new TakesAll()
  const peer = new WsPeer({ ws, socket, asking: new Asking({ clock, above: 65_536 }) })
  return { clock, pings: socket.pings, ws, socket, peer }
}

/** A stream that takes everything at once, as a kernel with room does, and keeps the payloads of pings. */
class TakesAll extends Duplex {
  taken = 0
  readonly pings: Buffer[] = []

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.taken += chunk.length
    const end = chunk.subarray(-3)
    if (end[0] === 0x89) this.pings.push(end.subarray(2))
    done()
  }

  override _read(): void {}
}

const NONE = Buffer.alloc(0)
const KIB_100 = Buffer.alloc(102_400)

test('what was written counts as unsent until a pong tells that it has arrived', () => {
  const { peer, pings } = aPeer()

  peer.write(KIB_100)
  const before = peer.unsentBytes
  peer.ponged(pings[0] ?? NONE)

  assert.equal(before, 102_400)
  assert.equal(peer.unsentBytes, 0)
})

test('a pong acknowledges what was written before its ping, not what came after', () => {
  const { peer, pings } = aPeer()
  peer.write(KIB_100)

  peer.write(Buffer.alloc(10))
  peer.ponged(pings[0] ?? NONE)

  assert.equal(peer.unsentBytes, 10)
})

test('a pong that was not asked for means nothing', () => {
  const { peer } = aPeer()
  peer.write(KIB_100)

  peer.ponged(Buffer.from('99'))
  peer.ponged(Buffer.alloc(125))

  assert.equal(peer.unsentBytes, 102_400)
})

test('it asks when 64 KiB are on their way, one question at a time', () => {
  const { peer, pings } = aPeer()
  peer.write(Buffer.alloc(65_535))
  const early = pings.length

  for (let i = 0; i < 5; i++) peer.write(KIB_100)
  const unanswered = pings.length
  peer.ponged(pings[0] ?? NONE)

  assert.deepEqual([early, unanswered, pings.length], [0, 1, 2])
})

test('the answer to a ping tells how long it took', async () => {
  const { peer, pings, clock } = aPeer()
  peer.ping()

  await clock.advance(40)

  assert.equal(peer.ponged(pings[0] ?? NONE), 40)
  assert.equal(peer.ponged(pings[0] ?? NONE), undefined)
})

test('a ping for liveness counts as a question too', () => {
  const { peer, pings } = aPeer()
  peer.write(Buffer.alloc(10))

  peer.ping()
  peer.ponged(pings[0] ?? NONE)

  assert.equal(peer.unsentBytes, 0)
})

test('after the close nothing is written', () => {
  const { peer, ws, socket } = aPeer()
  ws.readyState = 2

  peer.write(KIB_100)
  peer.ping()

  assert.equal(socket.taken, 0)
  assert.equal(peer.writable, false)
})

test('frames are not shared under an extension, which would have to touch them', () => {
  const { ws, socket, clock } = aPeer()
  const asking = new Asking({ clock, above: 1 })

  assert.throws(
    () => new WsPeer({ ws: { ...ws, extensions: 'permessage-deflate' }, socket, asking }),
    TypeError,
  )
})
