/**
 * Servers on the `ws` library as one writes them by hand; the first argument says how:
 *   naive    each change is tried on each client's filter, and made into JSON for each
 *   shared   each change is made into JSON once, and sent to the clients listed under its topic
 */
import { createServer } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Change, EVERYTHING } from '../src/rivals/change.ts'
import { pace } from '../src/rivals/pace.ts'
import { listenHere, serveOffers } from '../src/rivals/program.ts'

/** How clients are held and served. */
type Hub = { add(socket: WebSocket, topic: string): () => void; publish(change: Change): void }

function naive(): Hub {
  type Client = { socket: WebSocket; wants: (change: Change) => boolean }
  const clients = new Set<Client>()
  return {
    add(socket, topic) {
      const wants = (change: Change) => topic === EVERYTHING || change.payer === topic
      const client = { socket, wants }
      clients.add(client)
      return () => clients.delete(client)
    },
    publish(change) {
      for (const { socket, wants } of clients) {
        if (wants(change)) socket.send(JSON.stringify(change))
      }
    },
  }
}

function shared(): Hub {
  const topics = new Map<string, Set<WebSocket>>()
  return {
    add(socket, topic) {
      const sockets = topics.get(topic) ?? new Set()
      topics.set(topic, sockets.add(socket))
      return () => sockets.delete(socket)
    },
    publish(change) {
      const sockets = topics.get(change.payer)
      if (sockets === undefined) return
      const bytes = Buffer.from(JSON.stringify(change))
      for (const socket of sockets) socket.send(bytes, { binary: false })
    },
  }
}

const hub = process.argv[2] === 'shared' ? shared() : naive()
const http = createServer()
const server = new WebSocketServer({ server: http, clientTracking: false })
server.on('connection', (socket) => {
  socket.once('message', (topic) => socket.on('close', hub.add(socket, String(topic))))
  socket.on('error', () => socket.terminate())
})

await listenHere(http)
await serveOffers((offer) =>
  pace(offer, (changes) => {
    for (const change of changes) hub.publish(change)
  }),
)
