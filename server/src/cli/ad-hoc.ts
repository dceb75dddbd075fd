import type { Endpoint } from '../config/config.ts'
import { expectation, mistakesOf } from '../config/issues.ts'
import { inputsOf } from '../config/ours.ts'
import { Payer } from '../config/payer-schema.ts'
import { pathText, type Source } from '../config/problem.ts'
import { resolve } from '../config/resolve.ts'
import { TlsMaker } from '../config/tls.ts'
import type { Path } from '../config/yaml.ts'
import { ConfigError } from '../lib/errors.ts'

/** What somebody wants to probe once. */
export type AdHoc = {
  url: string
  method: string
  header?: readonly string[]
  status?: readonly string[]
  body?: string
  timeout: string
}

/** The flag that says what a part of an endpoint is. */
const FLAGS: Readonly<Record<string, string>> = {
  url: 'the address',
  method: '--method',
  headers: '--header',
  'expect.status': '--status',
  'expect.body': '--body',
  timeout: '--timeout',
}

/** An endpoint as a configuration file would have it, made and checked in the same way. */
export function adHocEndpoint(asked: AdHoc): Endpoint | ConfigError {
  const value = { name: 'ad hoc', network: 'private', endpoints: [written(asked)] }
  const parsed = Payer.safeParse(value, { error: expectation })
  if (!parsed.success) {
    const mistakes = mistakesOf(parsed.error.issues, Payer, value)
    return refusal(mistakes.map(({ path, message }) => ({ path, message })))
  }
  const source: Source = {
    shown: 'command line',
    path: '',
    value: { payers: [value] },
    texts: () => undefined,
    lineOf: () => 1,
  }
  const placeOf = (path: Path) => ({ source, path })
  const { endpoints, problems } = resolve(inputsOf(source, [parsed.data]), {
    defaults: {},
    placeOf,
    tls: new TlsMaker(new Map(), {}, ''),
  })
  const [endpoint] = endpoints
  if (problems.length > 0 || endpoint === undefined)
    return refusal(problems.map(({ path, message }) => ({ path: path.slice(2), message })))
  return endpoint
}

function written({ url, method, header, status, body, timeout }: AdHoc): object {
  const headers = Object.fromEntries((header ?? []).map(headerOf))
  const statuses = status?.map((one) => (/^\d+$/.test(one) ? Number(one) : one))
  return {
    type: 'probe',
    url,
    method: method.toUpperCase(),
    timeout,
    ...(header && { headers }),
    expect: { ...(statuses && { status: statuses }), ...(body !== undefined && { body }) },
  }
}

function headerOf(text: string): [string, string] {
  const at = text.indexOf(':')
  return at === -1 ? [text, ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

type Mistake = { path: Path; message: string }

function refusal(mistakes: readonly Mistake[]): ConfigError {
  return new ConfigError(
    mistakes.map(({ path, message }) => {
      const [, , ...key] = path
      const flag = [key.slice(0, 2).join('.'), String(key[0])].find((one) => FLAGS[one])
      return `${flag === undefined ? pathText(key) : FLAGS[flag]}: ${message}`
    }),
  )
}
