import type { Socket } from 'node:net'
import { type PeerCertificate, TLSSocket } from 'node:tls'
import type { Tls } from '../config/config.ts'
import type { TlsSeen } from '../model.ts'

/** Reading a certificate costs as much as a whole probe over an open connection: each is read once. */
const known = new WeakMap<TLSSocket, Pick<TlsSeen, 'expiresAt' | 'issuer'>>()

/** The transport security of a connection; null where it has none, or none yet. What need not be verified never is. */
export function tlsFacts(socket: Socket, tls?: Pick<Tls, 'skipVerify'>): TlsSeen | null {
  if (!(socket instanceof TLSSocket)) return null
  const version = socket.getProtocol()
  if (version === null || version === 'unknown') return null
  const verified = socket.authorized && tls?.skipVerify !== true
  return { version, verified, ...certificateOf(socket) }
}

function certificateOf(socket: TLSSocket): Pick<TlsSeen, 'expiresAt' | 'issuer'> {
  const before = known.get(socket)
  if (before !== undefined) return before
  // Not `getPeerX509Certificate`: asked before verification, it makes Node find no certificate to verify.
  const certificate = socket.getPeerCertificate()
  const at = Date.parse(certificate.valid_to)
  const issuer = issuerOf(certificate)
  const facts = { expiresAt: Number.isNaN(at) ? null : at, ...(issuer !== '' && { issuer }) }
  known.set(socket, facts)
  return facts
}

/** Longest name of an issuer that is kept, and what may not be in one: anybody may name himself anything. */
const LONGEST = 64
const UNSAFE = /[^A-Za-z0-9 ._-]+/g

/** Organization and common name of who signed it, or nothing where that was its owner. Source: RFC 5280 section 4.1.2.4. */
function issuerOf({ issuer, subject }: PeerCertificate): string {
  const name = nameOf(issuer)
  return name === nameOf(subject) ? '' : name
}

function nameOf(who: PeerCertificate['issuer'] | undefined): string {
  const parts = [who?.O, who?.CN].flat().filter((part) => part !== undefined)
  return parts.join(' ').replaceAll(UNSAFE, ' ').replaceAll(/ +/g, ' ').trim().slice(0, LONGEST)
}
