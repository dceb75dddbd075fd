/** The transport security of a probe, as a file says it. */
import * as z from 'zod'
import { SecretText, Switch } from './scalars.ts'

const FilePath = z.string().min(1).max(4_096).optional()

const Version = z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'])
export type Version = z.infer<typeof Version>

/** What `defaults` may say for all endpoints: whom to trust, and how old a protocol may be. */
export const tlsDefaults = {
  ca: FilePath.meta({
    description:
      'PEM file of the certificate authorities that are trusted instead of the built-in ones',
  }),
  crl: FilePath.meta({
    description:
      'PEM file of revocation lists: one of each authority in a chain, or no certificate is taken',
  }),
  min_version: Version.optional().meta({
    description: 'Oldest version taken; before `TLSv1.2` the weak ciphers of that time are too',
    default: 'TLSv1.2',
  }),
  max_version: Version.optional().meta({ description: 'Newest version taken', default: 'TLSv1.3' }),
}

const clientCertificate = {
  cert: FilePath.meta({ description: 'PEM file of our certificate, its chain after it' }),
  key: FilePath.meta({ description: 'PEM file of its private key' }),
  pkcs12: FilePath.meta({ description: 'PKCS#12 file of both, instead of `cert` and `key`' }),
  passphrase: SecretText.optional().meta({
    description: 'What opens `key` or `pkcs12`; a secret',
  }),
}

/** What a token server may be told. */
export const TokenTls = z.strictObject({ ...tlsDefaults, ...clientCertificate })

export const Tls = z.strictObject({
  ...tlsDefaults,
  ...clientCertificate,
  server_name: z
    .string()
    .regex(
      /^(?!.*\.\d+$)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.?){1,64}$/,
      'a host name',
    )
    .max(253)
    .optional()
    .meta({
      description: 'Name asked for, and that the certificate must carry, instead of the host',
    }),
  skip_verify: Switch.optional().meta({
    description: 'Takes any certificate, and says so in every answer',
    default: false,
  }),
})
export type Tls = z.infer<typeof Tls>
