import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Tls } from '../config/config.ts'
import type { TlsSeen } from '../model.ts'

/** Reading a certificate costs as much as a whole probe over an open connection: each is read once. */
const expiries = new WeakMap<TLSSocket, number | null>()

/** The transport security of a connection; null where it has none, or none yet. What need not be verified never is. */
export function tlsFacts(socket: Socket, tls?: Pick<Tls, 'skipVerify'>): TlsSeen | null {
  if (!(socket instanceof TLSSocket)) return null
  const version = socket.getProtocol()
  if (version === null || version === 'unknown') return null
  const verified = socket.authorized && tls?.skipVerify !== true
  return { version, verified, expiresAt: expiryOf(socket) }
}

function expiryOf(socket: TLSSocket): number | null {
  const known = expiries.get(socket)
  if (known !== undefined) return known
  // Not `getPeerX509Certificate`: asked before verification, it makes Node find no certificate to verify.
  const at = Date.parse(socket.getPeerCertificate().valid_to)
  const expiry = Number.isNaN(at) ? null : at
  expiries.set(socket, expiry)
  return expiry
}
