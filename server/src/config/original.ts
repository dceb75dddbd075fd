/**
 * Reads a file in the original service's format: `payers: [{ name, endpoints: [{ type, url, schedule, ... }] }]`.
 * What it took, we take: unknown keys are told, not refused, and an entry without an address is listed, not probed.
 */
import * as z from 'zod'
import { nearMatches } from '../lib/ids.ts'
import { Secret } from '../lib/secret.ts'
import { didYouMean, expectation, type Mistake, mistakesOf } from './issues.ts'
import { SECTION_NAMES } from './original-sections.ts'
import { isMapping, type Variables } from './overrides.ts'
import { Endpoint, type Payer } from './payer-schema.ts'
import { quoted } from './problem.ts'
import { mapTexts } from './substitute.ts'
import type { Path } from './yaml.ts'

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
}
const GO_DURATION = /^\+?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/

/** Milliseconds of a duration as Go writes it, such as `1h30m`. Source: Go's time.ParseDuration. */
export function goDurationMs(text: string): number | undefined {
  if (text === '0') return 0
  if (text.length > 64 || !GO_DURATION.test(text)) return undefined
  let total = 0
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g))
    total += Number(amount) * (UNIT_MS[unit] ?? 0)
  return Math.round(total)
}

const GoDuration = z
  .string()
  .max(64)
  .refine((text) => goDurationMs(text) !== undefined, 'a duration such as "5m" or "1h30m"')
  .transform((text) => goDurationMs(text) ?? 0)

const OriginalEndpoint = z.object({
  type: z.string().trim().min(1).max(120),
  url: z.string().optional(),
  path: z.string().optional(),
  url_contains: z.string().optional(),
  method: z
    .string()
    .transform((method) => method.toUpperCase())
    .pipe(Endpoint.shape.method.unwrap())
    .optional(),
  schedule: GoDuration.optional(),
  timeout: GoDuration.optional(),
  description: z.string().optional(),
  headers: z.record(z.string().min(1), z.string()).optional(),
  body: z.string().optional(),
})
type OriginalEndpoint = z.infer<typeof OriginalEndpoint>

const OriginalPayer = z.object({
  name: z.string().trim().min(1).max(120),
  base_url: z.string().optional(),
  endpoints: z.array(OriginalEndpoint).min(1).max(10_000),
})

type OriginalPayer = z.infer<typeof OriginalPayer>

const OriginalFile = z.object({ payers: z.array(OriginalPayer).min(1).max(10_000) })

/** A payer of such a file in our form, and why some of its endpoints, by number, cannot be probed. */
export type OriginalPayerRead = { payer: Payer; blocked: Map<number, string> }

/** What such a file says; `mistakes` stop the start, `remarks` do not. */
export type OriginalRead = { payers: OriginalPayerRead[]; mistakes: Mistake[]; remarks: Mistake[] }

/** Longest interval our own format knows. */
const MAX_INTERVAL_MS = 7 * 86_400_000
const MAX_TIMEOUT_MS = 300_000

/** Reads the file's values, all as text. */
export function readOriginal(texts: unknown, env: Variables): OriginalRead {
  const remarks = unknownKeys(texts)
  const parsed = OriginalFile.safeParse(texts, { error: expectation })
  if (!parsed.success) {
    return { payers: [], mistakes: mistakesOf(parsed.error.issues, OriginalFile, texts), remarks }
  }
  const payers = parsed.data.payers.map((payer) => payerInOurForm(payer, env))
  return { payers, mistakes: [], remarks }
}

function payerInOurForm(
  { name, base_url, endpoints }: OriginalPayer,
  env: Variables,
): OriginalPayerRead {
  const blocked = new Map<number, string>()
  const read = endpoints.map((endpoint, i) => {
    const { value, reason } = filled(endpoint, env)
    const why = reason ?? addressless(value)
    if (why !== undefined) blocked.set(i, why)
    return inOurForm(value)
  })
  const base = filled({ type: '', url: base_url }, env)
  const isKnown = base_url !== undefined && base.reason === undefined
  return {
    payer: {
      name,
      aliases: [],
      identifiers: [],
      endpoints: read,
      ...(isKnown ? { base_url: new Secret(base.value.url ?? '') } : {}),
    },
    blocked,
  }
}

function inOurForm(endpoint: OriginalEndpoint): Endpoint {
  const { type, method, schedule, timeout, headers, body } = endpoint
  const address = endpoint.url ?? endpoint.path ?? endpoint.url_contains ?? ''
  return {
    ...Endpoint.parse({ type, ...(method === undefined ? {} : { method }) }),
    url: new Secret(address.replace(/#.*$/s, '')),
    headers: Object.entries(headers ?? {}).map(([name, value]) => [name, new Secret(value)]),
    ...(body === undefined ? {} : { body: new Secret(body) }),
    ...(schedule ? { interval: Math.min(schedule, MAX_INTERVAL_MS) } : {}),
    ...(timeout ? { timeout: Math.min(timeout, MAX_TIMEOUT_MS) } : {}),
  }
}

function addressless({ url, path, url_contains }: OriginalEndpoint): string | undefined {
  if (url || path) return undefined
  return url_contains ? 'only a part of its address is known (url_contains)' : 'it has no address'
}

/** `${process.env.X}`, `${X}`, and `$X` where that is written in capitals, as variables are. */
export const REFERENCE = /\$\{(?:process\.env\.)?([A-Za-z_][A-Za-z0-9_]*)\}|\$([A-Z_][A-Z0-9_]*)/g
/** In a body only the form with braces is a variable: GraphQL has its own `$NAME`. */
const BRACED = /\$\{(?:process\.env\.)?([A-Za-z_][A-Za-z0-9_]*)\}/g

const SUBSTITUTED = new Set(['url', 'path', 'headers', 'body'])

/** The endpoint with its variables filled in; the reason says which one is not set. */
function filled(
  endpoint: OriginalEndpoint,
  env: Variables,
): { value: OriginalEndpoint; reason?: string } {
  let reason: string | undefined
  const value = mapTexts(endpoint, (text, [key = '']) => {
    if (!SUBSTITUTED.has(String(key))) return text
    return text.replace(key === 'body' ? BRACED : REFERENCE, (match, braced, bare) => {
      const name: string = braced ?? bare
      const found = env[name]
      if (found === undefined || found === '') reason ??= `the variable ${name} is not set`
      return found ?? match
    })
  }) as OriginalEndpoint // safe: only texts were replaced, by texts
  return reason === undefined ? { value } : { value, reason }
}

const NOTE = '; this file has no "version: 1", so it is read in the original service’s format'

function unknownKeys(texts: unknown): Mistake[] {
  const payers = isMapping(texts) && Array.isArray(texts.payers) ? texts.payers : []
  return [
    ...strangers(texts, OriginalFile.shape, [])
      .filter(({ path: [key] }) => !SECTION_NAMES.includes(String(key)))
      .map((m) => ({ ...m, message: m.message + NOTE })),
    ...payers.flatMap((payer: unknown, i) => {
      const endpoints = isMapping(payer) && Array.isArray(payer.endpoints) ? payer.endpoints : []
      return [
        ...strangers(payer, OriginalPayer.shape, ['payers', i]),
        ...endpoints.flatMap((endpoint: unknown, j) =>
          strangers(endpoint, OriginalEndpoint.shape, ['payers', i, 'endpoints', j]),
        ),
      ]
    }),
  ]
}

function strangers(value: unknown, shape: object, path: Path): Mistake[] {
  if (!isMapping(value)) return []
  const known = Object.keys(shape)
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => ({
      path: [...path, key],
      message: `the key ${quoted(key)} is unknown and ignored${didYouMean(nearMatches(key.slice(0, 60), known)[0])}`,
    }))
}
