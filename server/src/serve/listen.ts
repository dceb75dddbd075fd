import type { AddressInfo } from 'node:net'
import { errorCode, ListenError } from '../lib/errors.ts'

/** Where to listen, and which flag changes the port, for the sentence that says it is taken. */
export type ListenAt = { host: string; port: number; flag: string }

/** The part of a server that `listen` needs. */
export type Listens = {
  listen(options: { host: string; port: number }): Promise<string>
  server: { address(): AddressInfo | string | null }
}

/**
 * Starts listening and returns the address, with the port that was really taken.
 * @throws {ListenError} when the address cannot be had
 */
export async function listen(app: Listens, at: ListenAt): Promise<{ host: string; port: number }> {
  try {
    // The name would open a second server for IPv6, which no upgrade handler knows.
    await app.listen({ host: at.host === 'localhost' ? '127.0.0.1' : at.host, port: at.port })
  } catch (error) {
    throw new ListenError(sentence(errorCode(error), at), { cause: error })
  }
  const address = app.server.address()
  return { host: at.host, port: typeof address === 'object' && address ? address.port : at.port }
}

function sentence(code: string, { host, port, flag }: ListenAt): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken; choose another with ${flag}`
    case 'EACCES':
      return `port ${port} on ${host} needs more rights than this process has; choose one above 1023 with ${flag}`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `${host} is not an address of this machine; choose one to listen on, such as 127.0.0.1 or 0.0.0.0`
    default:
      return `cannot listen on ${host} port ${port} (${code}); choose another port with ${flag}`
  }
}
