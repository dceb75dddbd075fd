/** What a probe sends to prove who it is. */
import { Secret } from '../lib/secret.ts'
import { addressOf, headerMistake, isCredentialHeader } from './address.ts'
import type { ProbeAuth } from './auth-schema.ts'
import type { Endpoint, OAuth2 } from './config.ts'
import type { Network } from './payer-schema.ts'

/** Header and token of one endpoint; or where in its `auth` something else is expected. */
export type Proof =
  | { headers: Endpoint['headers']; oauth2?: OAuth2 }
  | { path: readonly string[]; expected: string }

/** The proof of an endpoint with these headers; nothing where it has no `auth`. */
export function proofOf(
  auth: ProbeAuth | undefined,
  { headers, network }: { headers: Endpoint['headers']; network: Network },
): Proof {
  if (auth === undefined) return { headers: [] }
  const name = auth.header?.name ?? 'Authorization'
  if (headers.some(([other]) => other.toLowerCase() === name.toLowerCase()))
    return { path: [], expected: `no header ${name} beside it` }
  if (auth.header !== undefined) return headerProof(auth.header)
  if (auth.oauth2 !== undefined) return tokenProof(auth.oauth2, network)
  return { headers: [[name, new Secret(authorizationOf(auth))]] }
}

/** Source: RFC 7617 section 2, RFC 6750 section 2.1. */
function authorizationOf({ basic, bearer }: ProbeAuth): string {
  if (basic === undefined) return `Bearer ${bearer?.reveal() ?? ''}`
  const pair = `${basic.user.reveal()}:${basic.password.reveal()}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

/** A header that may travel to another origin is no place for a credential. */
function headerProof({ name, value }: NonNullable<ProbeAuth['header']>): Proof {
  if (!isCredentialHeader(name))
    return { path: ['header', 'name'], expected: 'a header for credentials' }
  const mistake = headerMistake(name, value.reveal())
  if (mistake !== undefined) return { path: ['header'], expected: mistake }
  return { headers: [[name, value]] }
}

/** Source of https: RFC 6749 section 3.2. */
function tokenProof(oauth2: NonNullable<ProbeAuth['oauth2']>, network: Network): Proof {
  const { token_url, client_id, client_secret, scope, audience, auth_style } = oauth2
  const path = ['oauth2', 'token_url']
  const address = addressOf(token_url.reveal(), undefined)
  if ('expected' in address) return { path, expected: address.expected }
  if (network === 'public' && address.url.protocol !== 'https:')
    return { path, expected: 'an address that begins with "https://" on a public network' }
  return {
    headers: [],
    oauth2: {
      tokenUrl: new Secret(address.url.href),
      clientId: client_id,
      clientSecret: client_secret,
      ...(scope === undefined ? {} : { scope }),
      ...(audience === undefined ? {} : { audience }),
      authStyle: auth_style,
    },
  }
}
