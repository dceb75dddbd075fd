import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { errorCode, ListenError } from '../lib/errors.ts'

/**
 * Where to listen, and which flag changes the port, for the sentence that says it is taken. `share` lets other threads
 * listen there too: the `first` has it for them all, the `others` come after it.
 */
export type ListenAt = { host: string; port: number; flag: string; share?: 'first' | 'others' }

/** The part of a server that `listen` needs. */
export type Listens = {
  listen(options: { host: string; port: number; reusePort: boolean }): Promise<string>
  server: { address(): AddressInfo | string | null }
}

/**
 * Starts listening and returns the address, with the port that was really taken.
 * @throws {ListenError} when the address cannot be had
 */
export async function listen(app: Listens, at: ListenAt): Promise<{ host: string; port: number }> {
  // The name would open a second server for IPv6, which no upgrade handler knows.
  const host = at.host === 'localhost' ? '127.0.0.1' : at.host
  try {
    if (at.share === 'first') await claim(host, at.port)
    await app.listen({ host, port: at.port, reusePort: at.share !== undefined })
  } catch (error) {
    throw new ListenError(sentence(errorCode(error), at), { cause: error })
  }
  const address = app.server.address()
  return { host: at.host, port: typeof address === 'object' && address ? address.port : at.port }
}

/** Fails when the port is taken: a port to be shared would be shared with another monitor of the same user as well. */
async function claim(host: string, port: number): Promise<void> {
  const server = createServer((socket) => socket.destroy())
  await once(server.listen({ host, port }), 'listening')
  await new Promise((closed) => server.close(closed))
}

function sentence(code: string, { host, port, flag }: ListenAt): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken; choose another with ${flag}`
    case 'EACCES':
      return `port ${port} on ${host} needs more rights than this process has; choose one above 1023 with ${flag}`
    case 'ENOTSUP':
      return 'this system cannot share a port between threads; set gateway.threads to 1'
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `${host} is not an address of this machine; choose one to listen on, such as 127.0.0.1 or 0.0.0.0`
    default:
      return `cannot listen on ${host} port ${port} (${code}); choose another port with ${flag}`
  }
}
