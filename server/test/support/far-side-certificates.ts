/**
 * X.509 certificates made on the spot, good and bad. Source: RFC 5280 section 4.1, ITU-T X.690 for the encoding.
 */
import {
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto'

/** What a TLS server needs, in PEM. */
export type Certificate = { cert: string; key: string }

/** Who signs certificates. */
export type Authority = Certificate & {
  /** A certificate for `localhost` signed by this authority, but for what is changed. */
  issue(changed?: Partial<Subject>): Certificate
  /** An authority of this name below this one. */
  below(name: string): Authority
  /** A list that revokes these certificates, in PEM. */
  revoke(certificates: readonly Certificate[], validity?: Validity): string
}

/** From when until when, epoch ms. */
export type Validity = Pick<Subject, 'from' | 'until'>

/** What a certificate says. Times are epoch ms. */
export type Subject = { name: string; from: number; until: number; isAuthority: boolean }

const DAY = 86_400_000
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'
const COMMON_NAME = '2.5.4.3'
const SUBJECT_ALT_NAME = '2.5.29.17'
const BASIC_CONSTRAINTS = '2.5.29.19'

/** Makes an authority of its own. */
export function createAuthority(name = 'Test Authority'): Authority {
  const pair = newPair()
  return authorityOf(pair, name, { name, privateKey: pair.privateKey })
}

type Issuer = { name: string; privateKey: KeyObject }

function authorityOf({ publicKey, privateKey }: Pair, name: string, above: Issuer): Authority {
  const issuer = { name, privateKey }
  return {
    ...pem(encoded(subjectOf({ name, isAuthority: true }), publicKey, above), privateKey),
    issue(changed = {}) {
      const { publicKey, privateKey } = newPair()
      return pem(encoded(subjectOf(changed), publicKey, issuer), privateKey)
    },
    below: (name) => authorityOf(newPair(), name, issuer),
    revoke(certificates, validity = subjectOf({})) {
      return block('X509 CRL', revocationList(certificates, issuer, validity))
    },
  }
}

/** A certificate for `localhost` that nobody vouches for. */
export function selfSigned(): Certificate {
  const { publicKey, privateKey } = newPair()
  const subject = subjectOf({})
  return pem(encoded(subject, publicKey, { name: subject.name, privateKey }), privateKey)
}

type Pair = { publicKey: KeyObject; privateKey: KeyObject }

function newPair(): Pair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

function subjectOf(changed: Partial<Subject>): Subject {
  const now = Date.now()
  return {
    name: 'localhost',
    from: now - DAY,
    until: now + 90 * DAY,
    isAuthority: false,
    ...changed,
  }
}

function pem(certificate: Buffer, key: KeyObject): Certificate {
  return {
    cert: block('CERTIFICATE', certificate),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** Source: RFC 7468 section 2. */
function block(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** Source: RFC 5280 section 5.1. */
function revocationList(
  certificates: readonly Certificate[],
  issuer: Issuer,
  { from, until }: Validity,
): Buffer {
  const algorithm = sequence(oid(ECDSA_WITH_SHA256))
  const entries = certificates.map(({ cert }) => {
    const serial = Buffer.from(new X509Certificate(cert).serialNumber, 'hex')
    return sequence(integer(serial), utcTime(from))
  })
  const content = sequence(
    integer(Buffer.from([1])),
    algorithm,
    distinguishedName(issuer.name),
    utcTime(from),
    utcTime(until),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
  )
  const signature = sign('sha256', content, issuer.privateKey)
  return sequence(content, algorithm, tlv(0x03, Buffer.from([0]), signature))
}

function encoded(subject: Subject, publicKey: KeyObject, issuer: Issuer): Buffer {
  const algorithm = sequence(oid(ECDSA_WITH_SHA256))
  const content = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    distinguishedName(issuer.name),
    sequence(utcTime(subject.from), utcTime(subject.until)),
    distinguishedName(subject.name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions(subject))),
  )
  const signature = sign('sha256', content, issuer.privateKey)
  return sequence(content, algorithm, tlv(0x03, Buffer.from([0]), signature))
}

function extensions({ name, isAuthority }: Subject): Buffer[] {
  const yes = tlv(0x01, Buffer.from([0xff]))
  const constraints = sequence(...(isAuthority ? [yes] : []))
  return [
    sequence(oid(BASIC_CONSTRAINTS), yes, tlv(0x04, constraints)),
    sequence(oid(SUBJECT_ALT_NAME), tlv(0x04, sequence(tlv(0x82, Buffer.from(name))))),
  ]
}

function distinguishedName(name: string): Buffer {
  return sequence(tlv(0x31, sequence(oid(COMMON_NAME), tlv(0x0c, Buffer.from(name)))))
}

function utcTime(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14)
  return tlv(0x17, Buffer.from(`${digits}Z`))
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(value: number): number[] {
  const low = value & 0x7f
  return value < 128 ? [low] : [...base128(value >> 7).map((byte) => byte | 0x80), low]
}

function integer(bytes: Buffer): Buffer {
  return tlv(0x02, bytes)
}

function sequence(...items: Buffer[]): Buffer {
  return tlv(0x30, ...items)
}

function tlv(tag: number, ...items: Buffer[]): Buffer {
  const content = Buffer.concat(items)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}
