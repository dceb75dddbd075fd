/** What an endpoint of the original service may say of answers, credentials and retries, as ours would say it. */
import { goDurationMs } from './go-duration.ts'
import { isMapping } from './overrides.ts'
import { Endpoint } from './payer-schema.ts'

type Mapping = Readonly<Record<string, unknown>>

/** Settings of ours, as a file would say them. */
export type OurOptions = {
  expect?: object
  auth?: object
  retry?: { attempts: number }
  tls?: object
}

/** The options, each with where it stands in our format and what it is there. */
const OPTIONS: Readonly<Record<string, (value: unknown) => OurOptions | undefined>> = {
  expect_status: (value) => ({ expect: { status: [value].flat().map(statusOf) } }),
  expect_body: (value) => ({ expect: { body: { matches: value } } }),
  expect_json: (value) =>
    isMapping(value) ? { expect: { json: leavesOf(value, '$') } } : undefined,
  auth: authOf,
  retry: retryOf,
  tls_skip_verify: (value) => (isTrue(value) ? { tls: { skip_verify: true } } : {}),
}

/** The names of these options. */
export const OPTION_NAMES: readonly string[] = Object.keys(OPTIONS)

/** Most attempts of ours, and the shortest wait that public hosts are given, ms. */
const MAX_ATTEMPTS = 5
const MIN_DELAY_MS = 1_000
const MAX_DELAY_MS = 60_000

/** Reads the options of an endpoint; those that ours does not take are named. */
export function optionsInOurForm(endpoint: Mapping): { options: OurOptions; ignored: string[] } {
  const ignored: string[] = []
  let options: OurOptions = {}
  for (const [name, read] of Object.entries(OPTIONS)) {
    if (endpoint[name] === undefined || endpoint[name] === null) continue
    const option = read(endpoint[name])
    if (option !== undefined && isTaken(option))
      options = { ...options, ...option, ...expectOf(options, option) }
    else ignored.push(name)
  }
  return { options, ignored }
}

/** Whether it has a header beside which `auth` is left out. */
export function hasAuthorization({ headers }: Mapping): boolean {
  return isMapping(headers) && Object.keys(headers).some((key) => /^authorization$/i.test(key))
}

/** Several of them are parts of one. */
function expectOf(before: OurOptions, { expect }: OurOptions): OurOptions {
  return expect === undefined ? {} : { expect: { ...before.expect, ...expect } }
}

/** Whether our schema takes it. */
function isTaken(option: OurOptions): boolean {
  return Endpoint.safeParse({ type: 'any', ...option }).success
}

function statusOf(value: unknown): unknown {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
}

/** A partial match names each value by its path. */
function leavesOf(value: unknown, path: string): Record<string, unknown> {
  if (Array.isArray(value))
    return Object.assign({}, ...value.map((item, i) => leavesOf(item, `${path}[${i}]`)))
  if (!isMapping(value)) return { [path]: value }
  const below = Object.entries(value).map(([key, item]) => leavesOf(item, path + stepOf(key)))
  return Object.assign({}, ...below)
}

/** A key that our paths cannot say makes one that our schema refuses. */
function stepOf(key: string): string {
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

function authOf(value: unknown): OurOptions | undefined {
  const said = isMapping(value) && isMapping(value.basic) ? value.basic : value
  if (!isMapping(said)) return undefined
  if (said.type !== undefined && said.type !== 'basic') return undefined
  const user = said.username ?? said.user
  return { auth: { basic: { user, password: said.password ?? '' } } }
}

/** Durations are Go's; what is out of bounds is brought within ours. */
function retryOf(value: unknown): OurOptions | undefined {
  if (!isMapping(value)) return undefined
  const delay = waitOf(value.delay)
  const maxDelay = waitOf(value.max_delay)
  return {
    retry: {
      attempts: Math.min(MAX_ATTEMPTS, Math.max(1, Number(value.attempts ?? 1))),
      ...(delay === undefined ? {} : { delay: `${delay}ms` }),
      ...(maxDelay === undefined ? {} : { max_delay: `${Math.max(maxDelay, delay ?? 0)}ms` }),
    },
  }
}

function waitOf(value: unknown): number | undefined {
  const ms = value === undefined ? undefined : goDurationMs(String(value))
  return ms === undefined ? undefined : Math.min(MAX_DELAY_MS, Math.max(MIN_DELAY_MS, ms))
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true'
}
