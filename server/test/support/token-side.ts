import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TlsOptions } from 'node:tls'
import type { OAuth2 } from '../../src/config/config.ts'
import { Secret } from '../../src/lib/secret.ts'
import { type FarSide, httpSide, httpsSide } from './far-side.ts'

/** What a token server was sent. */
export type Asked = { authorization: string | undefined; form: URLSearchParams }

/** A token server that tells what it was sent. */
export type TokenSide = FarSide & { readonly asked: readonly Asked[] }

/** A token server that answers each request, by number, as told; without that with tokens `t0`, `t1` … for an hour. */
export async function tokenSide(
  answer: (response: ServerResponse, i: number) => void = usual,
  options?: TlsOptions,
): Promise<TokenSide> {
  const asked: Asked[] = []
  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { authorization } = request.headers
    asked.push({ authorization, form: new URLSearchParams(text) })
    answer(response, asked.length - 1)
  }
  const side = options === undefined ? httpSide(onRequest) : httpsSide(options, onRequest)
  return Object.assign(await side, { asked })
}

function usual(response: ServerResponse, i: number): void {
  grant(response, { access_token: `t${i}`, expires_in: 3_600 })
}

/** Sends a token, or what is no token. */
export function grant(response: ServerResponse, content: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(typeof content === 'string' ? content : JSON.stringify(content))
}

/** A client of the token server at `origin`. */
export function clientOf(origin: string, changed: Partial<OAuth2> = {}): OAuth2 {
  return {
    tokenUrl: new Secret(`${origin}/token`),
    clientId: new Secret('ops'),
    clientSecret: new Secret('sesame'),
    authStyle: 'basic',
    ...changed,
  }
}
