import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { createConnection, type Socket } from 'node:net'
import type { Change } from './change.ts'
import { connectPacket, publishPacket } from './mqtt.ts'
import type { Send } from './pace.ts'

/** Connects to each kind of broker as a publisher, as small as its protocol allows. */
export const publishers: Readonly<Record<string, (port: number) => Promise<Send>>> = {
  nats: natsSend,
  mqtt: mqttSend,
  nchan: async (port) => nchanSend(port),
}

/** NATS client protocol: https://docs.nats.io/reference/reference-protocols/nats-protocol */
async function natsSend(port: number): Promise<Send> {
  const socket = await connectTo(port)
  socket.write('CONNECT {"verbose":false,"echo":false}\r\n')
  socket.on('data', (bytes) => {
    if (bytes.includes('PING\r\n')) socket.write('PONG\r\n')
  })
  return tcpSend(socket, (change) => {
    const body = JSON.stringify(change)
    return Buffer.from(`PUB ${change.payer} ${Buffer.byteLength(body)}\r\n${body}\r\n`)
  })
}

async function mqttSend(port: number): Promise<Send> {
  const socket = await connectTo(port)
  socket.write(connectPacket())
  await once(socket, 'data')
  return tcpSend(socket, (change) => publishPacket(change.payer, JSON.stringify(change)))
}

/** Changes published together leave in one write, as the clients of these brokers do it; a full socket is waited for. */
function tcpSend(socket: Socket, packet: (change: Change) => Buffer): Send {
  return async (changes) => {
    if (!socket.write(Buffer.concat(changes.map(packet)))) await once(socket, 'drain')
  }
}

async function connectTo(port: number): Promise<Socket> {
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  socket.on('close', () => process.exit(1))
  return socket.resume()
}

/** One POST for each change, in turn over one connection that is kept: the order is that of the changes. */
function nchanSend(port: number): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const post = async (change: Change) => {
    const path = `/publish?topic=${change.payer}`
    const asked = request({ port, host: '127.0.0.1', path, method: 'POST', agent })
    asked.end(JSON.stringify(change))
    const [answer] = await once(asked, 'response')
    answer.resume()
    await once(answer, 'end')
    if (answer.statusCode >= 300) throw new Error(`nchan answered ${answer.statusCode}`)
  }
  return async (changes) => {
    for (const change of changes) await post(change)
  }
}
