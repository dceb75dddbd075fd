import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a PostgreSQL server on which answers can get lost. */
export type LossyWire = AsyncDisposable & {
  /** The address of a database, by this way. */
  urlOf(url: string): string
  /** Lets the server do the nth commit from now on and its answer be lost; then nothing gets through until `mend`. */
  loseCommit(nth: number): void
  /** Whether it was lost. */
  readonly isCut: boolean
  mend(): void
}

/** A simple query of the protocol that says COMMIT (PostgreSQL, "Message Formats"). */
const COMMIT = 'COMMIT\0'

/** Lays a way to the server whose socket is in a folder. */
export async function aLossyWire(socketPath: string): Promise<LossyWire> {
  const sockets = new Set<Socket>()
  let left = Number.POSITIVE_INFINITY
  let isCut = false
  const server = createServer((near) => {
    if (isCut) {
      near.destroy()
      return
    }
    const far = connect(socketPath)
    let isDeaf = false
    near.on('data', (chunk) => {
      if (chunk.includes(COMMIT) && --left === 0) isDeaf = isCut = true
      far.write(chunk)
    })
    far.on('data', (chunk) => {
      if (isDeaf) for (const socket of sockets) socket.destroy()
      else near.write(chunk)
    })
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        other.destroy()
        sockets.delete(socket)
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    urlOf: (url) => url.replace(/localhost(?::\d+)?/, `127.0.0.1:${port}`).replace(/\?.*/, ''),
    loseCommit(nth) {
      left = nth
    },
    get isCut() {
      return isCut
    },
    mend() {
      left = Number.POSITIVE_INFINITY
      isCut = false
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
