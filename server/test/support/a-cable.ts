import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP connection to a server that can be cut and mended. */
export type Cable = AsyncDisposable & {
  url: string
  /** Ends every connection, and refuses new ones until it is mended. */
  cut(): void
  mend(): void
}

/** Lays a cable to a server on this machine. */
export async function aCable(to: string): Promise<Cable> {
  const far = new URL(to)
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) return near.resetAndDestroy()
    const onward = connect(Number(far.port), far.hostname)
    for (const [socket, other] of [
      [near, onward],
      [onward, near],
    ] as const) {
      sockets.add(socket)
      socket.pipe(other)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        other.destroy()
        sockets.delete(socket)
      })
    }
    return near
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const cut = () => {
    isCut = true
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    cut,
    mend() {
      isCut = false
    },
    async [Symbol.asyncDispose]() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
