/**
 * Reads a file in the original service's format: `payers: [{ name, endpoints: [{ type, url, schedule, ... }] }]`.
 * What it took, we take: unknown keys are told, not refused, and an entry without an address is listed, not probed.
 */
import * as z from 'zod'
import { nearMatches } from '../lib/ids.ts'
import { Secret } from '../lib/secret.ts'
import { goDurationMs } from './go-duration.ts'
import { didYouMean, expectation, type Mistake, mistakesOf } from './issues.ts'
import { OPTION_NAMES, type OurOptions, optionsInOurForm } from './original-options.ts'
import { SECTION_NAMES } from './original-sections.ts'
import { isMapping, type Variables } from './overrides.ts'
import { Endpoint, type Payer } from './payer-schema.ts'
import { quoted, valueAt } from './problem.ts'
import { mapTexts } from './substitute.ts'
import type { Path } from './yaml.ts'

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
  ...Object.fromEntries(OPTION_NAMES.map((name) => [name, z.unknown().optional()])),
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

/** Reads the file's values: all as text, but for expected JSON, where a number is not its text. */
export function readOriginal(texts: unknown, env: Variables, values: unknown): OriginalRead {
  const remarks = unknownKeys(texts)
  const parsed = OriginalFile.safeParse(texts, { error: expectation })
  if (!parsed.success) {
    return { payers: [], mistakes: mistakesOf(parsed.error.issues, OriginalFile, texts), remarks }
  }
  const payers = parsed.data.payers.map((payer, i) =>
    payerInOurForm(payer, { env, i, values, remarks }),
  )
  return { payers, mistakes: [], remarks }
}

type Around = { env: Variables; i: number; values: unknown; remarks: Mistake[] }

function payerInOurForm(
  { name, base_url, endpoints }: OriginalPayer,
  { env, i, values, remarks }: Around,
): OriginalPayerRead {
  const blocked = new Map<number, string>()
  const read = endpoints.map((endpoint, j) => {
    const { value, reason } = filled(endpoint, env)
    const why = reason ?? addressless(value)
    if (why !== undefined) blocked.set(j, why)
    const path = ['payers', i, 'endpoints', j]
    const expected = valueAt(values, [...path, 'expect_json'])
    const { options, ignored } = optionsInOurForm({ ...value, expect_json: expected })
    remarks.push(...ignored.map((key) => ({ path: [...path, key], message: NOT_TAKEN })))
    return inOurForm(value, options)
  })
  const base = filled({ type: '', url: base_url }, env)
  const isKnown = base_url !== undefined && base.reason === undefined
  return {
    payer: {
      name,
      aliases: [],
      identifiers: [],
      maintenance: [],
      endpoints: read,
      ...(isKnown ? { base_url: new Secret(base.value.url ?? '') } : {}),
    },
    blocked,
  }
}

function inOurForm(endpoint: OriginalEndpoint, options: OurOptions): Endpoint {
  const { type, method, schedule, timeout, headers, body } = endpoint
  const address = endpoint.url ?? endpoint.path ?? endpoint.url_contains ?? ''
  return {
    ...Endpoint.parse({ type, ...(method === undefined ? {} : { method }), ...options }),
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

const SUBSTITUTED = new Set(['url', 'path', 'headers', 'body', 'auth'])

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

const NOT_TAKEN = 'is not as the original service has it, or beyond what ours takes; ignored'
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
