/** How a probe proves who it is, as a file says it. */
import * as z from 'zod'
import { Secret } from '../lib/secret.ts'
import { SecretText } from './scalars.ts'
import { TokenTls } from './tls-schema.ts'

function secretLike(pattern: RegExp, expected: string) {
  return z
    .string()
    .regex(pattern, expected)
    .transform((text) => new Secret(text))
}

/** Source of what a user name may not hold: RFC 7617 section 2. */
const basic = z.strictObject({
  user: secretLike(/^[^:\p{Cc}]{1,256}$/u, 'a user name without ":" and control characters').meta({
    description: 'User name; a secret',
  }),
  password: secretLike(/^\P{Cc}{0,1024}$/u, 'a password without control characters').meta({
    description: 'Password; a secret',
  }),
})

const header = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'a header name')
    .meta({ description: 'Name of the header', examples: ['X-Api-Key'] }),
  value: SecretText.meta({ description: 'Its value; a secret' }),
})

/** Source of the characters of a scope: RFC 6749 section 3.3. */
const oauth2 = z.strictObject({
  token_url: SecretText.meta({
    description: 'Where tokens are given out; on a public network an https address',
  }),
  client_id: secretLike(
    /^\P{Cc}{1,1024}$/u,
    'text that is not empty, without control characters',
  ).meta({
    description: 'The client; a secret',
  }),
  client_secret: secretLike(
    /^\P{Cc}{1,4096}$/u,
    'text that is not empty, without control characters',
  ).meta({
    description: 'Its secret',
  }),
  scope: z
    .string()
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'scopes, one space apart')
    .max(1_000)
    .optional()
    .meta({ description: 'What the token is for', examples: ['system/Patient.read'] }),
  audience: z
    .string()
    .regex(/^\P{Cc}{1,1000}$/u, 'text that is not empty, without control characters')
    .optional()
    .meta({ description: 'Whom the token is for, where the token server asks' }),
  auth_style: z.enum(['basic', 'body']).prefault('basic').meta({
    description: 'Where client and secret are sent: as a Basic header, or in the body',
  }),
  tls: TokenTls.optional(),
})

const WAYS = ['basic', 'bearer', 'header', 'oauth2'] as const

/** One way to prove who we are; no file may name two. */
export const ProbeAuth = z
  .strictObject({
    basic: basic.optional(),
    bearer: secretLike(/^[\x21-\x7e]{1,8192}$/, 'a token without spaces')
      .optional()
      .meta({ description: 'A token, sent as `Authorization: Bearer`; a secret' }),
    header: header.optional(),
    oauth2: oauth2.optional(),
  })
  .refine((auth) => WAYS.filter((way) => auth[way] !== undefined).length === 1, {
    error: 'exactly one of basic, bearer, header and oauth2',
  })
export type ProbeAuth = z.infer<typeof ProbeAuth>
