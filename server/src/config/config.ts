/**
 * The configuration as the program uses it: checked, substituted, defaults filled in, every endpoint resolved.
 */
import type { Capability, Identifier } from '@payer-status/protocol'
import type { Cron } from '../lib/cron.ts'
import type { QuietHours } from '../lib/quiet-hours.ts'
import type { Occurrence, Recurrence } from '../lib/recurrence.ts'
import type { Secret } from '../lib/secret.ts'
import type { CamelKeys } from './camel-keys.ts'
import type { File, Network } from './schema.ts'
import type { SeenFile } from './seen.ts'
import type { Version } from './tls-schema.ts'

type Settings = CamelKeys<File>

/** What `judge` needs to know of an endpoint's thresholds. */
export type Judging = { window: number; downAfter: number; recoverAfter: number }

type Optional<T> = { [K in keyof T]?: T[K] | undefined }

/** A single value of a JSON document. */
export type JsonScalar = string | number | boolean | null

/** What a text must be; all that is given must hold. `matches` is a pattern of RE2. */
export type TextComparison = Optional<{ eq: string; ne: string; exists: boolean; matches: string }>

/** What a value must be; all that is given must hold. */
export type JsonComparison = Optional<{
  eq: JsonScalar
  ne: JsonScalar
  gt: number
  gte: number
  lt: number
  lte: number
  exists: boolean
  matches: string
}>

/** What a body must contain; all that is given must hold. */
export type BodyCheck = Optional<{ contains: string; matches: string }>

/** The longest time that a phase, or all of them, may take, ms. */
export type LatencyLimit = readonly [phase: keyof Timeouts | 'transfer', ms: number]

/** What is held against an answer, in this order. A plain text or value stands for equality; of a body, for a part. */
export type Checks = {
  status?: readonly (readonly [number, number])[]
  /** In lower case; the subtype may be `*`. */
  contentType?: readonly string[]
  headers?: readonly (readonly [name: string, is: string | TextComparison])[]
  body?: string | BodyCheck
  json?: readonly (readonly [path: string, is: JsonScalar | JsonComparison])[]
  xml?: readonly (readonly [path: string, is: string | TextComparison])[]
  certificateDays?: number
  latency?: readonly LatencyLimit[]
}

/** What an answer must be. Every check is optional; without `status`, 200-399 is success. */
export type Expect = Checks & {
  /** Checks that only degrade an answer. */
  degrade?: Checks
  /** How expected texts with something filled in are shown: by the names of their references. */
  shown?: Readonly<Record<string, string>>
}

/** How the interval of an endpoint that is down grows: by a factor, to at most `cap` ms. */
export type Backoff = { factor: number; cap: number }

/** When a failed probe asks once more; times in ms. `attempts` counts the first one too. */
export type Retry = {
  attempts: number
  delay: number
  maxDelay: number
  degradeAfterRetry: boolean
  anyMethod: boolean
}

/** Where a token is to be had, and what for. Source: OAuth 2.0 client credentials, RFC 6749 section 4.4. */
export type OAuth2 = {
  /** May carry a query, which never leaves the prober. */
  tokenUrl: Secret
  clientId: Secret
  clientSecret: Secret
  scope?: string
  audience?: string
  /** Where client and secret are sent: as a Basic header, or in the body. Source: RFC 6749 section 2.3.1. */
  authStyle: 'basic' | 'body'
  /** Of the token server. */
  tls?: Tls
}

/** The transport security of one origin, with what its files held. */
export type Tls = {
  /** The same for all that are made from the same content and versions, and for no other. */
  id: string
  /** PEM; instead of the built-in authorities. */
  ca?: Secret
  /** PEM; revocation lists. */
  crl?: Secret
  /** PEM. */
  cert?: Secret
  /** PEM. */
  key?: Secret
  /** Base64. */
  pkcs12?: Secret
  passphrase?: Secret
  serverName?: string
  minVersion: Version
  maxVersion?: Version
  skipVerify: boolean
}

/** Longest waits of one probe, ms. */
export type Timeouts = {
  dns: number
  connect: number
  tls: number
  firstByte: number
  total: number
}

/** One address of a payer that is watched, complete. Survives a message to another thread by `packSecrets`. */
export type Endpoint = {
  /** `payer-slug/name-slug`, stable across reloads and machines. */
  id: string
  payer: string
  payerName: string
  type: string
  capability: Capability | null
  kind: 'http'
  via: string
  network: Network
  /** The whole address. May carry a query, which never leaves the prober. */
  url: Secret
  /** What may be shown of it: scheme, host and path. */
  shownUrl: string
  /** Host and port: what budgets and the vantage count by. */
  host: string
  method: string
  headers: readonly (readonly [name: string, value: Secret])[]
  body?: Secret
  /** The token it is asked with; every other proof is among the headers. */
  oauth2?: OAuth2
  /** Of the endpoint's own origin; without it the usual one. */
  tls?: Tls
  /** Whether its own origin is asked by HTTP/2. */
  http2?: boolean
  /** Whether its requests and answers are logged. */
  logExchanges?: boolean
  /** Time between probes, ms; with `cron`, the least between two of its times. */
  interval: number
  cron?: Cron
  /** When it is not probed unless someone asks. */
  quietHours?: readonly QuietHours[]
  backoff?: Backoff
  timeouts: Timeouts
  maxBody: number
  expect: Expect
  degradeOver?: number
  /** Without it a probe asks once. */
  retry?: Retry
  confirmAfter: number
  freshEvery: number
  judge: Judging
  unreviewed: boolean
  /** Why it cannot be probed at all (only in files of the original's format); it is shown as unknown. */
  notProbeable?: string
}

/** One payer as clients see it. */
export type PayerEntry = {
  payer: string
  name: string
  aliases: readonly string[]
  identifiers: readonly Identifier[]
  /** Where the clocks of its maintenance are, as configured; UTC otherwise. */
  timeZone?: string
}

/** Maintenance as it was announced: once, or by a rule. Plain data. */
export type Plan = {
  /** `mp_` and a hash of payer, scope and times: who announces the same twice announces it once. */
  id: string
  /** Only what came by the API can be withdrawn there. */
  origin: 'file' | 'api'
  payer: string
  /** Types or capabilities; none means all. */
  types: readonly string[]
  /** The route; null means all. */
  via: string | null
  kind: 'routine' | 'non_routine' | 'unscheduled'
  announcedAt: number | null
  sourceUrl: string | null
  timeZone: string
  times: Occurrence | Recurrence
}

/** Everything the monitor was told. */
export type Config = Omit<Settings, 'version' | 'defaults' | 'profiles' | 'include' | 'payers'> & {
  /** Where it was read from, for people. */
  source: string
  /** Every file that was read, and every directory that `include` looked through; a change is a reason to reload. */
  files: readonly SeenFile[]
  payers: readonly PayerEntry[]
  endpoints: readonly Endpoint[]
  maintenance: readonly Plan[]
  /** What is worth saying once, without being an error. */
  warnings: readonly string[]
}
