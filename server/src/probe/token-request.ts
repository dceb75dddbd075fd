/** The request for a token, and what its answer says. Source: RFC 6749 sections 4.4 and 5. */
import type { OAuth2 } from '../config/config.ts'
import type { Answer } from './exchange.ts'
import { ProbeError } from './failure.ts'
import type { Hop } from './hop.ts'

/** Most that is read of a token server's answer, bytes. */
export const MAX_TOKEN_ANSWER = 64 * 1024
/** How long a token is taken to last whose server does not say, ms. */
const USUAL_LIFE = 5 * 60_000
/** Longest that a token is kept, whatever its server says, ms. */
const MAX_LIFE = 24 * 3_600_000

/** A token as it was given, and for how long, ms. */
export type Grant = { token: string; life: number }

/** What is asked of the token server. */
export function tokenHop(client: OAuth2): Hop {
  const { tokenUrl, clientId, clientSecret, scope, audience, authStyle } = client
  const [id, secret] = [clientId.reveal(), clientSecret.reveal()]
  const isBasic = authStyle === 'basic'
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope === undefined ? {} : { scope }),
    ...(audience === undefined ? {} : { audience }),
    ...(isBasic ? {} : { client_id: id, client_secret: secret }),
  })
  return {
    url: new URL(tokenUrl.reveal()),
    method: 'POST',
    headers: [
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Accept', 'application/json'],
      ...(isBasic ? [['Authorization', basicOf(id, secret)] as const] : []),
    ],
    body: form.toString(),
    tls: client.tls,
  }
}

/** Both parts form-encoded first. Source: RFC 6749 section 2.3.1. */
function basicOf(id: string, secret: string): string {
  const encoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return `Basic ${Buffer.from(`${encoded(id)}:${encoded(secret)}`).toString('base64')}`
}

/** The token in an answer. @throws {ProbeError} `token.*` */
export function grantIn({ status, body, truncated }: Answer): Grant {
  const said = truncated ? undefined : mappingIn(body)
  if (REFUSALS.has(status))
    throw new ProbeError('token.refused', { message: refusal(status, said?.error) })
  if (status !== 200)
    throw new ProbeError('token.failed', {
      message: `the token server answered with status ${status}`,
    })
  const { access_token: token, token_type: type = 'bearer', expires_in: seconds } = said ?? {}
  const isBearer = typeof type === 'string' && type.toLowerCase() === 'bearer'
  if (typeof token !== 'string' || !TOKEN.test(token) || !isBearer)
    throw new ProbeError('token.invalid')
  return { token, life: lifeOf(seconds) }
}

/** Statuses that turn the client away. Source: RFC 6749 section 5.2; 403 is common. */
const REFUSALS = new Set([400, 401, 403])

/** Source of the characters: RFC 6749 appendix A.12. Longer ones fit into no header. */
const TOKEN = /^[\x21-\x7e]{1,12288}$/

/** The words of RFC 6749 section 5.2. They alone are repeated: any other text is the far side's. */
const REASONS = new Set<unknown>([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
])

function refusal(status: number, reason: unknown): string {
  const why = REASONS.has(reason) ? ` (${reason})` : ''
  return `the token server refused our credentials with status ${status}${why}`
}

function mappingIn(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString())
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** Some servers write the number as text. */
function lifeOf(seconds: unknown): number {
  const said = typeof seconds === 'string' && seconds !== '' ? Number(seconds) : seconds
  if (typeof said !== 'number' || !Number.isFinite(said)) return USUAL_LIFE
  return Math.min(Math.max(0, said * 1_000), MAX_LIFE)
}
