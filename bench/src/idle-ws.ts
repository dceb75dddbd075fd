/** The plainest server of the `ws` package: it accepts and keeps. Ends with its standard input. */
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { listenHere } from './rivals/program.ts'

const server = createServer()
new WebSocketServer({ server, perMessageDeflate: false })
await listenHere(server)
process.stdin.resume().on('end', () => process.exit(0))
