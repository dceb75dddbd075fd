import { spawnSync } from 'node:child_process'
import type { Certificate } from './far-side-certificates.ts'

/** Certificate and key in one PKCS#12 file; undefined where the machine has no `openssl` to make it. */
export function pkcs12Of({ cert, key }: Certificate, passphrase: string): Buffer | undefined {
  const args = ['pkcs12', '-export', '-passout', `pass:${passphrase}`]
  const { status, stdout } = spawnSync('openssl', args, { input: `${key}${cert}` })
  return status === 0 ? stdout : undefined
}
