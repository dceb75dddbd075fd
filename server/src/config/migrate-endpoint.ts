/** One endpoint of the original's format, rewritten in place. */
import { goDurationMs } from './go-duration.ts'
import { REFERENCE } from './original.ts'
import { hasAuthorization, OPTION_NAMES, optionsInOurForm } from './original-options.ts'
import { quoted } from './problem.ts'
import { mapTexts } from './substitute.ts'
import {
  keysOf,
  mapIn,
  remarkAt,
  rename,
  replaceText,
  saidIn,
  setMapping,
  textOf,
  type YAMLMap,
} from './yaml-nodes.ts'

const KEYS = ['type', 'url', 'method', 'interval', 'timeout', 'description', 'headers', 'body']
/** What is written here for something else. */
const OURS = ['enabled', 'expect', 'auth', 'retry', 'tls']
type Bounds = { least: number; most: number }
/** Shortest interval on public networks, for each attempt of a probe, ms. */
const LEAST_INTERVAL = 60_000
const LONGEST_INTERVAL = 7 * 86_400_000
const TIMEOUT: Bounds = { least: 1, most: 300_000 }

/** Rewrites it. @returns what somebody should know or do */
export function migrateEndpoint(endpoint: YAMLMap): string[] {
  for (const name of ['type', 'description']) replaceText(endpoint, name, literal)
  const { notes: ofOptions, attempts } = migrateOptions(endpoint)
  const interval = { least: LEAST_INTERVAL * attempts, most: LONGEST_INTERVAL }
  const notes = [
    ...migrateAddress(endpoint),
    ...migrateDuration(endpoint, ['schedule', 'interval'], interval),
    ...migrateDuration(endpoint, ['timeout', 'timeout'], TIMEOUT),
    ...ofOptions,
  ]
  const method = textOf(endpoint, 'method')
  if (method !== undefined) endpoint.set('method', method.toUpperCase())
  for (const name of ['url', 'body']) migrateReferences(endpoint, name)
  const headers = mapIn(endpoint, 'headers')
  if (headers) for (const name of keysOf(headers)) migrateReferences(headers, name)
  for (const key of keysOf(endpoint).filter((key) => ![...KEYS, ...OURS].includes(key))) {
    endpoint.delete(key)
    notes.push(`${quoted(key).slice(1, -1)}: unknown, left out`)
  }
  return notes
}

/** `url`, else `path`, is the address; where only a part of it is known, nothing can be probed. */
function migrateAddress(endpoint: YAMLMap): string[] {
  const part = textOf(endpoint, 'url_contains')
  endpoint.delete('url_contains')
  if (textOf(endpoint, 'url')) endpoint.delete('path')
  else if (textOf(endpoint, 'path')) {
    endpoint.delete('url')
    rename(endpoint, 'path', 'url')
  } else {
    endpoint.delete('path')
    endpoint.delete('url')
    endpoint.set('enabled', false)
    const why = part === undefined ? 'it has no address' : 'only a part of its address is known'
    remarkAt(endpoint, 'enabled', why)
    return [`${why}: switched off`]
  }
  const address = textOf(endpoint, 'url') ?? ''
  if (address.includes('#')) endpoint.set('url', address.replace(/#.*$/s, ''))
  return []
}

/** Options that ours has under other names stand where the first of theirs stood. */
function migrateOptions(endpoint: YAMLMap): { notes: string[]; attempts: number } {
  const auth = mapIn(endpoint, 'auth')
  if (auth) for (const name of keysOf(auth)) migrateReferences(auth, name)
  const said = saidIn(endpoint)
  const { options, ignored } = optionsInOurForm(said)
  const { expect, auth: proof, ...rest } = options
  const isTwice = proof !== undefined && hasAuthorization(said)
  const ours = {
    ...(expect && { expect: mapTexts(expect, literal) as object }), // safe: a mapping stays one
    ...(proof && !isTwice && { auth: proof }),
    ...rest,
  }
  for (const name of OPTION_NAMES) endpoint.delete(name)
  for (const [name, option] of Object.entries(ours)) setMapping(endpoint, name, option)
  return {
    notes: [
      ...ignored.map((name) => `${name}: not as the original has it, left out`),
      ...(isTwice ? ['auth: beside a header Authorization, left out'] : []),
    ],
    attempts: rest.retry?.attempts ?? 1,
  }
}

function migrateDuration(
  endpoint: YAMLMap,
  [before, after]: readonly [string, string],
  { least, most }: Bounds,
): string[] {
  const text = textOf(endpoint, before)
  if (text === undefined) return []
  const ms = goDurationMs(text)
  if (ms === undefined) return [`${before}: expected a duration, got ${quoted(text)}`]
  if (ms === 0) {
    endpoint.delete(before) // zero means the usual
    return []
  }
  rename(endpoint, before, after)
  const bounded = Math.min(Math.max(ms, least), most)
  if (bounded === ms && /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return []
  endpoint.set(after, durationText(bounded))
  if (bounded === ms) return []
  remarkAt(endpoint, after, `was ${text}`)
  return [`${after}: was ${text}, which is out of bounds; now ${durationText(bounded)}`]
}

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const

function durationText(ms: number): string {
  const unit = UNITS.find(([, size]) => ms % size === 0 && ms >= size)
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`
}

/** What looks like a variable of ours where the original knows none. */
export function literal(text: string): string {
  return text.replaceAll('${', () => '$${')
}

/** Variables are written `${X}`; in a body `$X` is not one. */
export function migrateReferences(map: YAMLMap, name: string): void {
  replaceText(map, name, (text) =>
    text.replace(REFERENCE, (match, braced, bare) =>
      braced === undefined && name === 'body' ? match : `\${${braced ?? bare}}`,
    ),
  )
}
