/**
 * A far side that costs next to nothing, so that what probes it is the limit: answers with 1 KiB of JSON whatever is asked,
 * on several ports, plain and with TLS 1.3 and a P-256 certificate. Ends with its standard input.
 */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { createAuthority } from '../../server/test/support/far-side-certificates.ts'

/** So many origins of each kind: the prober keeps few connections to one. */
const ORIGINS = 16
const CLOSES = Buffer.from('onnection: close')
const BODY = JSON.stringify({ status: 'active', notes: 'x'.repeat(1_024 - 31) })
const HEAD = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}`
const KEEPING = Buffer.from(`${HEAD}\r\n\r\n${BODY}`)
const CLOSING = Buffer.from(`${HEAD}\r\nconnection: close\r\n\r\n${BODY}`)

/** A request without a body is in one read; nothing else comes here. */
function answer(socket: Socket): void {
  socket.setNoDelay(true)
  socket.on('data', (request) => {
    if (request.includes(CLOSES)) socket.end(CLOSING)
    else socket.write(KEEPING)
  })
  socket.on('error', () => socket.destroy())
}

async function portOf(server: Server): Promise<number> {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const authority = createAuthority('Bench Authority')
const identity = { ...authority.issue({ name: 'localhost' }), minVersion: 'TLSv1.3' as const }
const of = (make: () => Server) =>
  Promise.all(Array.from({ length: ORIGINS }, () => portOf(make())))
const plain = await of(() => createServer(answer))
const secure = await of(() => createTlsServer(identity, answer))
process.stdout.write(`${JSON.stringify({ plain, secure, ca: authority.cert })}\n`)
process.stdin.resume().on('end', () => process.exit(0))
