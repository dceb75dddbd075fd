/** Whether certificates and keys are what they should be, and belong together. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { errorCode } from '../lib/errors.ts'
import { revocationListsIn } from '../lib/pem.ts'
import type { Secret } from '../lib/secret.ts'
import type { Version } from './tls-schema.ts'

/** What the files hold, and what goes with them. */
export type Material = {
  ca: Buffer | undefined
  crl: Buffer | undefined
  cert: Buffer | undefined
  key: Buffer | undefined
  pkcs12: Buffer | undefined
  passphrase: Secret | undefined
  min_version: Version
  max_version: Version | undefined
}

/** What is wrong with one setting. */
export type TlsMistake = { key: keyof Material; message: string }

/** Everything that is wrong with it; nothing when a handshake can be made with it. */
export function mistakesIn(material: Material): TlsMistake[] {
  return [...trustMistakes(material), ...clientMistakes(material)]
}

function wrong(key: TlsMistake['key'], expected: string): TlsMistake {
  return { key, message: `expected ${expected}` }
}

function trustMistakes({ ca, crl, min_version, max_version = 'TLSv1.3' }: Material): TlsMistake[] {
  return [
    ...(ca === undefined || certificatesIn(ca) ? [] : [wrong('ca', A_CERTIFICATE)]),
    ...(crl === undefined || areRevocationLists(crl)
      ? []
      : [wrong('crl', 'a file of PEM revocation lists')]),
    ...(max_version >= min_version
      ? []
      : [wrong('max_version', `at least min_version (${min_version})`)]),
  ]
}

function clientMistakes(material: Material): TlsMistake[] {
  const { cert, key, pkcs12, passphrase } = material
  if (pkcs12 !== undefined)
    return cert === undefined && key === undefined
      ? pkcs12Mistakes(pkcs12, passphrase)
      : [wrong('pkcs12', 'no cert and key beside it')]
  if (passphrase !== undefined && key === undefined)
    return [wrong('passphrase', 'a key or pkcs12 that it opens')]
  return pairMistakes(material)
}

const A_CERTIFICATE = 'a file of PEM certificates'
const BLOCK =
  /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g

/** Source: RFC 7468. Node itself leaves out what it cannot read, without a word. */
function certificatesIn(pem: Buffer): X509Certificate[] | undefined {
  const blocks = pem.toString('latin1').match(BLOCK) ?? []
  try {
    return blocks.length === 0 ? undefined : blocks.map((block) => new X509Certificate(block))
  } catch {
    return undefined
  }
}

/** All of them must be: one that is not read would let a certificate pass for refused, or the other way round. */
function areRevocationLists(pem: Buffer): boolean {
  const text = pem.toString('latin1')
  const crl = revocationListsIn(text)
  const begun = text.split('-----BEGIN X509 CRL-----').length - 1
  try {
    createSecureContext({ crl })
    return begun > 0 && begun === crl.length
  } catch {
    return false
  }
}

function pairMistakes({ cert, key, passphrase }: Material): TlsMistake[] {
  if (cert === undefined && key === undefined) return []
  if (cert === undefined) return [wrong('key', 'a cert beside it')]
  if (key === undefined) return [wrong('cert', 'a key beside it')]
  const [leaf] = certificatesIn(cert) ?? []
  if (leaf === undefined) return [wrong('cert', A_CERTIFICATE)]
  const secret = privateKeyIn(key, passphrase)
  if (secret === undefined) return [wrong('key', A_KEY)]
  return leaf.checkPrivateKey(secret)
    ? []
    : [wrong('key', 'the key of the first certificate in cert')]
}

const A_KEY = 'a private key in PEM, and the passphrase that opens it where it is encrypted'

function privateKeyIn(key: Buffer, passphrase: Secret | undefined): KeyObject | undefined {
  try {
    // An empty passphrase keeps OpenSSL from asking for one on the terminal.
    return createPrivateKey({ key, passphrase: passphrase?.reveal() ?? '' })
  } catch {
    return undefined
  }
}

function pkcs12Mistakes(pfx: Buffer, passphrase: Secret | undefined): TlsMistake[] {
  try {
    createSecureContext({ pfx, passphrase: passphrase?.reveal() })
    return []
  } catch (error) {
    const isOutdated = errorCode(error) === 'ERR_CRYPTO_UNSUPPORTED_OPERATION'
    const expected = isOutdated
      ? 'a PKCS#12 file without outdated encryption'
      : 'a PKCS#12 file, and the passphrase that opens it'
    return [wrong('pkcs12', expected)]
  }
}
