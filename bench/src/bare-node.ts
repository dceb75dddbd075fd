/**
 * The least that a server of many WebSockets can do in Node: what `load/floor.c` does, by the cheapest write that Node has,
 * a synchronous one to the descriptor. It takes the same words. What it costs beside the floor is what the platform costs.
 */
import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'

const MICROSECONDS = 1e6
const LEAST_FRAME = 40

/** RFC 6455 section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** A client's socket and its descriptor. */
type Client = { socket: Socket; fd: number }

const clients = new Map<Socket, Client>()

/** The first bytes are taken for a whole handshake; whatever comes later is read and dropped. */
function accept(socket: Socket): void {
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('close', () => clients.delete(socket))
  socket.once('data', (bytes) => {
    socket.write(switchingFor(String(bytes)))
    clients.set(socket, { socket, fd: descriptorOf(socket) })
  })
}

function switchingFor(handshake: string): string {
  const [, key = ''] = /^sec-websocket-key: *(.*)\r$/im.exec(handshake) ?? []
  const accept = createHash('sha1')
    .update(key.trim() + GUID)
    .digest('base64')
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
}

/** Where Node keeps it, undocumented. */
function descriptorOf(socket: Socket): number {
  const { _handle } = socket as Socket & { _handle?: { fd?: number } | null }
  if (typeof _handle?.fd !== 'number') throw new Error('Node hides the descriptor of a socket')
  return _handle.fd
}

/** A frame of exactly `size` bytes with a stamp near its beginning. */
function frameOf(size: number): Buffer {
  const header = size - 2 < 126 ? 2 : size - 4 < 65_536 ? 4 : 10
  const frame = Buffer.alloc(size, ' ')
  const length = size - header
  frame[0] = 0x81
  frame[1] = header === 2 ? length : header === 4 ? 126 : 127
  if (header === 4) frame.writeUInt16BE(length, 2)
  if (header === 10) frame.writeBigUInt64BE(BigInt(length), 2)
  frame.write(`{"ts":"${String(process.hrtime.bigint()).padStart(16, '0')}"`, header)
  frame.write('}', size - 1)
  return frame
}

/** Writes a frame; the stream takes what the kernel has no room for. True when it had to. */
function write({ socket, fd }: Client, frame: Buffer): boolean {
  let sent = 0
  try {
    if (socket.writableLength === 0) sent = writeSync(fd, frame)
  } catch {
    // no room
  }
  if (sent < frame.length) socket.write(frame.subarray(sent))
  return sent < frame.length
}

async function publish(times: number, intervalMs: number, size: number): Promise<object> {
  const before = process.cpuUsage()
  const began = performance.now()
  let writes = 0
  let waits = 0
  for (let i = 1; i <= times; i++) {
    const frame = frameOf(Math.max(LEAST_FRAME, size))
    for (const client of clients.values()) waits += Number(write(client, frame))
    writes += clients.size
    await setTimeout(Math.max(0, began + i * intervalMs - performance.now()))
  }
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - began) / 1_000
  return { ev: 'done', writes, waits, cpuSeconds: (user + system) / MICROSECONDS, seconds }
}

function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`)
}

const server = createServer(accept).listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) say({ ev: 'listening', port: address.port })
})
for await (const word of createInterface({ input: process.stdin })) {
  const [, times, intervalMs, size] = word.split(' ').map(Number)
  say(await publish(times ?? 0, intervalMs ?? 0, size ?? 0))
}
process.exit(0)
