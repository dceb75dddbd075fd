/** What is wrong, where, and how it is said: `payers.yaml:41 payers[2].interval: expected ..., got ...`. */
import type { Path } from './yaml.ts'

/** A file as it was read, before anything was filled in. */
export type Source = {
  /** Its name for people. */
  shown: string
  path: string
  value: unknown
  /** What is written, where `value` has more: endpoints have what their profiles say put in. */
  written?: unknown
  texts(): unknown
  lineOf(path: Path): number
}

/** A place in a file; or, where `from` says so, a variable or flag and its text. */
export type Place = { source: Source | undefined; path: Path; from?: string; text?: string }

/** One thing wrong, or worth saying, at one place. */
export type Problem = Place & {
  /** Whose it is, for people: payer and type. */
  whose?: string | undefined
  message: string
}

const SHOWN_KEY = /^[A-Za-z_][A-Za-z0-9_-]{0,40}$/

/** `payers[2].endpoints[3].interval`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    if (!SHOWN_KEY.test(step)) return `${text}[${quoted(step)}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

/** The problem as one line. */
function problemText({ source, path, from, whose, message }: Problem): string {
  const suffix = whose === undefined ? '' : ` (${whose})`
  if (source === undefined) return `${from ?? pathText(path)}: ${message}`
  const where = path.length === 0 ? '' : ` ${pathText(path)}${suffix}`
  return `${source.shown}:${source.lineOf(path)}${where}: ${message}`
}

/** All problems as lines, each once, in the order of the file. */
export function problemTexts(problems: readonly Problem[]): string[] {
  const inOrder = problems
    .map((problem) => ({ problem, line: problem.source?.lineOf(problem.path) ?? 0 }))
    .sort((a, b) => compareSources(a.problem, b.problem) || a.line - b.line)
  return [...new Set(inOrder.map(({ problem }) => problemText(problem)))]
}

function compareSources(a: Problem, b: Problem): number {
  const [one, other] = [a.source?.shown ?? '', b.source?.shown ?? '']
  if (one === other) return 0
  return one < other ? -1 : 1
}

const MOST_SHOWN = 60

/** Text in quotes, cut, with everything that could disturb a terminal escaped. */
export function quoted(text: string): string {
  const characters = Array.from(text.slice(0, 2 * MOST_SHOWN + 2))
  const cut = characters.length > MOST_SHOWN ? `${characters.slice(0, MOST_SHOWN).join('')}…` : text
  return JSON.stringify(cut).replace(UNSEEN, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** Control, format, separator and private characters, which JSON leaves as they are. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu

/** Where secrets are: below these keys nothing is ever shown but its kind. */
const SECRET_KEYS = new Set([
  'headers',
  'body',
  'hash',
  'basic',
  'bearer',
  'header',
  'oauth2',
  'passphrase',
])
const ADDRESS_KEYS = new Set(['url', 'base_url', 'path', 'url_contains'])

/** An address that carries nothing but scheme, host, port and path. */
const PLAIN_ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:\/[\w.~/-]*)?$/i

/** What was found, as in the file; of what may be secret only its kind. */
export function found(value: unknown, path: Path): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (isSecret(value, path)) return typeof value === 'string' ? 'text' : `a ${typeof value}`
  return typeof value === 'string' ? quoted(value) : String(value)
}

function isSecret(value: unknown, path: Path): boolean {
  if (path.some((step) => SECRET_KEYS.has(String(step)))) return true
  if (typeof value !== 'string') return false
  const isAddress = value.includes('://') || ADDRESS_KEYS.has(String(path.at(-1)))
  return isAddress && !PLAIN_ADDRESS.test(value)
}

/** What was found at a place. */
export function foundAt({ source, path, text }: Place): string {
  return found(source === undefined ? text : valueAt(source.value, path), path)
}

/** What is at `path`; undefined where there is nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step))
      return undefined
    current = (current as Record<string | number, unknown>)[step]
  }
  return current
}

/** Whose the endpoint at `path` is: payer and type as written; undefined where it is no endpoint's. */
export function whoseAt(source: Source, path: Path): string | undefined {
  const [payers, i, endpoints, j] = path
  if (payers !== 'payers' || endpoints !== 'endpoints' || i === undefined || j === undefined)
    return undefined
  const names = [
    valueAt(source.value, [payers, i, 'name']),
    valueAt(source.value, [payers, i, endpoints, j, 'type']),
  ]
  return names
    .filter((name) => typeof name === 'string')
    .map((name) => quoted(name).slice(1, -1))
    .join(', ')
}
