/** The far side that is probed: answers every request at once with a small JSON body. Ends with its standard input. */
import { createServer } from 'node:http'
import { listenHere } from './rivals/program.ts'

const BODY = JSON.stringify({ status: 'active', plan: 'bench', checked: '2026-11-24T12:00:00Z' })
const HEADERS = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY) }

const server = createServer((request, response) => {
  request.resume()
  response.writeHead(200, HEADERS).end(BODY)
})
// Never the side that ends a connection: how long they live is the prober's decision.
server.keepAliveTimeout = 0
await listenHere(server)
process.stdin.resume().on('end', () => process.exit(0))
