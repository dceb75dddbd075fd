/** A Socket.IO server as its documentation shows it: a room for each topic, one event for each change. */
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { EVERYTHING } from '../src/rivals/change.ts'
import { pace } from '../src/rivals/pace.ts'
import { listenHere, serveOffers } from '../src/rivals/program.ts'

const http = createServer()
const io = new Server(http, { transports: ['websocket'], serveClient: false })
// The room comes with the client's `auth`, so that a load client sends one frame and not `42["join",…]` as well.
io.on('connection', (socket) => {
  const { topic } = socket.handshake.auth
  void socket.join(typeof topic === 'string' ? topic : EVERYTHING)
})

await listenHere(http)
await serveOffers((offer) =>
  pace(offer, (changes) => {
    for (const change of changes) io.to(change.payer).emit('status', change)
  }),
)
