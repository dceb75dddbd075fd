import { createSecureContext, DEFAULT_CIPHERS, type SecureContext } from 'node:tls'
import type { Tls } from '../config/config.ts'
import { revocationListsIn } from '../lib/pem.ts'

/** What handshakes are made with. `builtIn` stands in for the authorities that are trusted without `ca`. */
export function secureContext(
  tls: Tls | undefined,
  builtIn: string | Buffer | undefined,
): SecureContext {
  const { ca, crl, cert, key, pkcs12, passphrase, minVersion = 'TLSv1.2', maxVersion } = tls ?? {}
  return createSecureContext({
    ca: ca?.reveal() ?? builtIn,
    crl: crl && revocationListsIn(crl.reveal()),
    cert: cert?.reveal(),
    key: key?.reveal(),
    pfx: pkcs12 && Buffer.from(pkcs12.reveal(), 'base64'),
    passphrase: passphrase?.reveal(),
    minVersion,
    maxVersion,
    // Source: SSL_CTX_set_security_level(3): TLS before 1.2 signs with SHA-1, which level 1 refuses.
    ciphers: minVersion < 'TLSv1.2' ? `${DEFAULT_CIPHERS}:@SECLEVEL=0` : undefined,
  })
}
