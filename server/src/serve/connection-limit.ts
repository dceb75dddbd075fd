import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { addressKey } from './address.ts'
import { type HeadCount, OwnHeadCount } from './head-count.ts'

/** How many connections there may be, of any kind; `connections` are those of all threads, where there are several. */
export type ConnectionLimit = {
  inAll: number
  perAddress: number
  connections?: HeadCount | undefined
}

/** Ends what is opened beyond the limit, before a byte of it is read. */
export function limitConnections(server: Server, limit: ConnectionLimit): void {
  const { inAll, perAddress, connections = new OwnHeadCount() } = limit
  server.on('connection', (socket: Socket) => {
    const address = addressKey(socket.remoteAddress ?? '')
    connections.add(address)
    if (connections.total > inAll || connections.from(address) > perAddress) {
      connections.remove(address)
      socket.destroy()
      return
    }
    socket.once('close', () => connections.remove(address))
  })
}
