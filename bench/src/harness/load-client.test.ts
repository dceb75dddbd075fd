import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Bench } from './bench.ts'
import { buildPrograms, type Command } from './build.ts'
import { LoadClient, subscriber } from './load-client.ts'

const FALLBACK = fileURLToPath(new URL('../../load/load.mjs', import.meta.url))
const { load: built } = await buildPrograms(() => {})
const programs: Record<string, Command> = {
  'the load client in C': built,
  'the load client in JavaScript': [process.execPath, FALLBACK],
}

function benchWith(load: Command): Bench {
  const nothing = { clients: undefined, pins: undefined, folder: '', checkout: '', say: () => {} }
  return { ...nothing, seconds: 1, isSmoke: true, programs: { load, floor: undefined } }
}

/** A WebSocket server, and what each client has said. */
async function listen(t: TestContext) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  t.after(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  await once(server, 'listening')
  const heard: string[] = []
  server.on('connection', (socket) => socket.on('message', (text) => heard.push(String(text))))
  const send = (frame: (index: number) => string) => {
    for (const [index, socket] of [...server.clients].entries()) socket.send(frame(index))
  }
  return { server, heard, send, port: portOf(server.address()) }
}

function portOf(address: ReturnType<WebSocketServer['address']>): number {
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return address.port
}

function updates(rev: number, records = 1): string {
  const result = `{"result":{"at":"${new Date(Date.now() - 20).toISOString()}"}}`
  return `{"type":"updates","rev":${rev},"endpoints":[${Array(records).fill(result)}]}`
}

function snapshot(rev: number): string {
  return `{"type":"snapshot","epoch":"e1","rev":${rev},"part":1,"of":1}`
}

/** Gives each part time to arrive alone. */
async function write(socket: Socket, parts: readonly (string | Buffer)[]): Promise<void> {
  for (const part of parts) {
    socket.write(part)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

for (const [name, program] of Object.entries(programs)) {
  const bench = benchWith(program)

  test(`${name} subscribes every client and counts what comes`, async (t) => {
    const { heard, send, port } = await listen(t)
    await using load = await LoadClient.start(bench, { port, clients: 5, args: subscriber() })
    const opened = await load.opened()
    await load.mark()

    send(() => updates(1, 3))
    const report = await load.until(({ frames }) => frames >= 5, 'all have the frame')

    assert.equal(opened.open, 5)
    assert.deepEqual(heard, Array(5).fill('{"type":"subscribe"}'))
    assert.equal(report.updates, 15)
    assert.equal(report.reached, 5)
    assert.equal(report.bytes, 5 * (updates(1, 3).length + 4))
    assert.equal(report.latency.count, 15)
    assert.ok(report.latency.p50 >= 20)
  })

  test(`${name} comes back with each client's own position`, async (t) => {
    const { server, heard, send, port } = await listen(t)
    await using load = await LoadClient.start(bench, { port, clients: 4, args: subscriber() })
    await load.opened()
    send(() => snapshot(7))
    await load.until(({ snapshots }) => snapshots === 4, 'all have the snapshot')
    send((index) => updates(10 + index))
    await load.until((report) => report.updates === 4, 'all have updates')
    await load.cut()
    heard.length = 0
    let answered = 0
    server.on('connection', (socket: WebSocket) =>
      socket.on('message', () => socket.send(answered++ === 0 ? snapshot(20) : updates(20))),
    )

    const back = await load.resume()

    assert.deepEqual(
      heard.map((text) => JSON.parse(text).since.rev).toSorted((a, b) => a - b),
      [10, 11, 12, 13],
    )
    assert.ok(heard.every((text) => JSON.parse(text).since.epoch === 'e1'))
    assert.ok(heard.every((text) => JSON.parse(text).type === 'subscribe'))
    assert.equal(back.open, 4)
    assert.equal(back.updates, 3)
    assert.equal(back.snapshots, 1)
  })

  test(`${name} leaves stopped clients out of the latencies`, async (t) => {
    const { send, port } = await listen(t)
    await using load = await LoadClient.start(bench, { port, clients: 4, args: subscriber() })
    await load.opened()
    await load.stop(1)
    await load.mark()

    send(() => updates(1))
    const before = await load.until(({ frames }) => frames >= 3, 'those who read have the frame')
    await load.go()
    const after = await load.until(({ frames }) => frames >= 4, 'all have the frame')

    assert.equal(before.frames, 3)
    assert.equal(after.latency.count, 3)
    assert.equal(after.updates, 4)
  })

  test(`${name} counts refused handshakes and goes on`, async (t) => {
    const refusal =
      'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n'
    const server = createServer((socket) => socket.on('error', () => {}).end(refusal))
    t.after(() => server.close())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const port = portOf(server.address())

    await using load = await LoadClient.start(bench, { port, clients: 3, args: [] })

    await assert.rejects(load.opened(), /only 0 of 3/)
    assert.equal((await load.report()).failed, 3)
  })

  test(`${name} speaks to a TCP server in its own words and answers its questions`, async (t) => {
    const heard: string[] = []
    const server = createServer((socket) => {
      socket.on('error', () => {}).on('data', (data) => heard.push(String(data)))
      void write(socket, ['PING\r\n', 'MSG "ts":"0000000', '000000001" MSG'])
    })
    t.after(() => server.close())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const said = [
      '--mode',
      'tcp',
      '--first',
      'SUB \\x61\\r\\n',
      '--when',
      'PING',
      '--answer',
      'PONG\\r\\n',
    ]
    const args = [...said, '--marker', 'MSG', '--stamp', 'mono']

    await using load = await LoadClient.start(bench, {
      port: portOf(server.address()),
      clients: 1,
      args,
    })
    await load.opened()
    const report = await load.until(({ updates }) => updates >= 2, 'both messages came')

    assert.equal(heard.join(''), 'SUB a\r\nPONG\r\n')
    assert.equal(report.updates, 2)
  })

  test(`${name} answers a ping with the same payload, and reads frames that come in pieces`, async (t) => {
    const { server, port } = await listen(t)
    await using load = await LoadClient.start(bench, { port, clients: 1, args: subscriber() })
    const [socket, request] = await once(server, 'connection')
    const pong = once(socket, 'pong')
    await load.opened()
    await load.mark()
    const text = Buffer.from(updates(3, 2))
    const frame = Buffer.concat([
      Buffer.from([0x81, 126, text.length >> 8, text.length & 255]),
      text,
    ])
    const cut = frame.indexOf('at')

    await write(request.socket, [
      Buffer.from([0x89]),
      Buffer.from([0x03, 0x61]),
      Buffer.from('bc'),
      frame.subarray(0, 3),
      frame.subarray(3, cut),
      frame.subarray(cut, cut + 10),
      frame.subarray(cut + 10),
    ])
    const report = await load.until(({ frames }) => frames >= 1, 'the frame is whole')

    assert.equal(String((await pong)[0]), 'abc')
    assert.equal(report.updates, 2)
    assert.equal(report.latency.count, 2)
  })
}
