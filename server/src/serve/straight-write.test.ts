import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { TLSSocket } from 'node:tls'
import { descriptorOf, writeStraight } from './straight-write.ts'

/** Both ends of connections to one server. */
async function aLine(t: TestContext): Promise<() => Promise<{ near: Socket; far: Socket }>> {
  const server = createServer({ noDelay: true })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const ends: Socket[] = []
  t.after(() => {
    for (const end of ends) end.destroy()
    server.close()
  })
  return async () => {
    const far = connect((server.address() as AddressInfo).port, '127.0.0.1')
    const [near] = (await once(server, 'connection')) as [Socket] // safe: what a server emits
    ends.push(far, near)
    return { near, far }
  }
}

async function received(far: Socket, length: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  while (bytes < length) {
    const [chunk] = (await once(far, 'data')) as [Buffer] // safe: no encoding is set
    chunks.push(chunk)
    bytes += chunk.length
  }
  return Buffer.concat(chunks)
}

test('what is written arrives, and the stream between has not seen it', async (t) => {
  const { near, far } = await (await aLine(t))()

  writeStraight(near, descriptorOf(near), Buffer.from('hello'))

  assert.equal(String(await received(far, 5)), 'hello')
  assert.equal(near.bytesWritten, 0)
})

test('a reader that stands still for a while gets every byte in order', async (t) => {
  const { near, far } = await (await aLine(t))()
  const fd = descriptorOf(near)
  far.pause()
  const frames = Array.from({ length: 300 }, (_, i) => Buffer.alloc(65_536, i % 251))

  for (const [i, frame] of frames.entries()) {
    writeStraight(near, fd, frame)
    if (i % 7 === 0) near.write(Buffer.from([255, i % 251]))
  }
  const isFull = near.writableLength > 0
  const expected = Buffer.concat(
    frames.flatMap((frame, i) => (i % 7 === 0 ? [frame, Buffer.from([255, i % 251])] : [frame])),
  )
  const got = received(far, expected.length)
  far.resume()

  assert.ok(isFull, 'the kernel took not everything')
  assert.ok((await got).equals(expected))
})

test('what is corked leaves first', async (t) => {
  const { near, far } = await (await aLine(t))()

  near.cork()
  writeStraight(near, descriptorOf(near), Buffer.from('one'))
  near.write('two')
  writeStraight(near, descriptorOf(near), Buffer.from('three'))
  near.uncork()

  assert.equal(String(await received(far, 11)), 'onetwothree')
})

test('a descriptor that has passed to another connection is not written to', async (t) => {
  const open = await aLine(t)
  const first = await open()
  const fd = descriptorOf(first.near)
  first.near.on('error', () => {})
  first.far.destroy()
  first.near.destroy()
  await once(first.near, 'close')
  let heir = await open()
  for (let i = 0; i < 20 && descriptorOf(heir.near) !== fd; i++) heir = await open()
  assert.equal(descriptorOf(heir.near), fd, 'the kernel gives the lowest free one')

  writeStraight(first.near, fd, Buffer.from('not yours'))
  writeStraight(heir.near, fd, Buffer.from('yours'))

  assert.equal(String(await received(heir.far, 5)), 'yours')
})

test('a lost connection is the stream\u2019s to report, and nothing throws', async (t) => {
  const { near, far } = await (await aLine(t))()
  const fd = descriptorOf(near)
  const failed = once(near, 'error')
  far.resetAndDestroy()
  near.pause() // it must not find out by reading

  for (let i = 0; i < 100 && !near.destroyed; i++) {
    writeStraight(near, fd, Buffer.alloc(1_000))
    await new Promise((resolve) => setImmediate(resolve))
  }

  const [error] = (await failed) as [NodeJS.ErrnoException] // safe: what a socket emits
  assert.match(String(error.code), /EPIPE|ECONNRESET/)
})

test('encrypted sockets and other streams have no descriptor, and are written through', async () => {
  const plain = new PassThrough()

  writeStraight(plain, descriptorOf(plain), Buffer.from('through'))

  assert.equal(descriptorOf(plain), -1)
  assert.equal(descriptorOf(new TLSSocket(new PassThrough())), -1)
  assert.equal(String(plain.read()), 'through')
})
