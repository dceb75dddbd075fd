/** Reads YAML: the only file that does; `migrate` changes it as it is written. */
import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import { excess, isBounded } from './yaml-guard.ts'

/** Where something is in a file: keys of mappings and positions in lists. */
export type Path = readonly (string | number)[]

/** A file that could be read: its values and the line of each. */
export type Tree = {
  value: unknown
  /** The same with every scalar as text, as written. */
  texts(): unknown
  /** The line of what is at `path`, or of the nearest thing around it that exists; the first line is 1. */
  lineOf(path: Path): number
}

/** One sentence about what makes a file no YAML, and where. */
export type SyntaxMistake = { line: number; message: string }

const OPTIONS = {
  prettyErrors: false,
  stringKeys: true,
  /** Ours is linear. */
  uniqueKeys: false,
} as const

/** Parses one YAML document; gives what is wrong with it where it is none. */
export function parseYaml(text: string): Tree | SyntaxMistake[] {
  const tooMuch = excess(text)
  if (tooMuch !== undefined) return [tooMuch]
  const lines = new LineCounter()
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line)
  try {
    const doc = parseDocument(text, { ...OPTIONS, lineCounter: lines })
    const flaws = [...doc.errors, ...doc.warnings].map(flawOf)
    const found = flaws.length > 0 ? flaws : flawsIn(doc)
    return found.length > 0 ? mistakes(found, lineAt) : treeOf(doc, lineAt)
  } catch {
    return [{ line: 1, message: GROWS }]
  }
}

const GROWS = 'lists and mappings are too many or too deep, or aliases (*name) refer to themselves'

function treeOf(doc: Document, lineAt: (offset: number) => number): Tree | SyntaxMistake[] {
  const value: unknown = doc.toJS({ maxAliasCount: -1 })
  if (!isBounded(value)) return [{ line: 1, message: GROWS }]
  return {
    value,
    texts: () => textsOf(doc.contents, doc),
    lineOf: (path) => lineAt(offsetOf(doc, path)),
  }
}

type Flaw = { offset: number; message: string }

const MOST_MISTAKES = 10

/** One mistake a line, since one often leads to others. */
function mistakes(flaws: readonly Flaw[], lineAt: (offset: number) => number): SyntaxMistake[] {
  const byLine = new Map<number, SyntaxMistake>()
  for (const { offset, message } of flaws) {
    const line = lineAt(offset)
    if (!byLine.has(line)) byLine.set(line, { line, message })
  }
  return [...byLine.values()].slice(0, MOST_MISTAKES)
}

/** What the library leaves to us: keys given twice, and aliases that refer to nothing. */
function flawsIn(doc: Document): Flaw[] {
  const flaws: Flaw[] = []
  const anchors = new Set<string>()
  const aliases: Alias[] = []
  visit(doc, (_, node) => {
    if (isAlias(node)) {
      aliases.push(node)
      if (!anchors.has(node.source)) flaws.push({ offset: startOf(node), message: LOST_ALIAS })
    } else if (isMap(node)) flaws.push(...keysGivenTwice(node))
    if (isCollection(node) || isScalar(node)) anchors.add(node.anchor ?? '')
  })
  const surplus = aliases[MAX_ALIASES]
  return surplus === undefined ? flaws : [{ offset: startOf(surplus), message: MANY_ALIASES }]
}

function keysGivenTwice({ items }: YAMLMap): Flaw[] {
  const seen = new Set<string>()
  return items.flatMap(({ key }) => {
    const name = nameOf(key)
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    const shown = /^[\w.-]{1,60}$/.test(name) ? `the key "${name}"` : 'a key'
    return [{ offset: startOf(key), message: `${shown} is given twice` }]
  })
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : ''
}

/** The library looks through the file for each. */
const MAX_ALIASES = 2_000
const MANY_ALIASES = `there are more than ${MAX_ALIASES} aliases (*name)`
const LOST_ALIAS = 'an alias (*name) refers to nothing; quote a value that begins with "*"'

/** What the library's codes mean. Its own messages are not used: they quote the file. */
const SENTENCES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab is used to indent; YAML wants spaces',
  BAD_INDENT: 'the indentation does not fit, or a bracket is not closed',
  BLOCK_AS_IMPLICIT_KEY:
    'a mapping begins inside another on one line; quote the value or indent it',
  MULTILINE_IMPLICIT_KEY: 'a key goes on over several lines; a colon or a quote may be missing',
  MISSING_CHAR: 'a colon, comma, quote or closing bracket is missing',
  BAD_ALIAS: 'an alias (*name) has no valid name; quote a value that begins with "*"',
  BAD_SCALAR_START: 'a value begins with a character that YAML reserves; quote it',
  BAD_DQ_ESCAPE: 'a text in double quotes has an unknown escape; write "\\\\" for a backslash',
  UNEXPECTED_TOKEN:
    'something stands where YAML expects nothing; a quote or indentation may be wrong',
  MULTIPLE_DOCS: 'a second document begins (---); one file holds one configuration',
  MULTIPLE_ANCHORS: 'a value has two anchors (&name)',
  KEY_OVER_1024_CHARS: 'a key is longer than 1,024 characters',
  TAG_RESOLVE_FAILED: 'a tag ("!...") has no meaning here; quote a value that begins with "!"',
  NON_STRING_KEY: 'a key is not text',
  BAD_DIRECTIVE: 'a directive ("%...") has no meaning here',
}

function flawOf({ code, pos: [offset] }: YAMLError): Flaw {
  return { offset, message: SENTENCES[code] ?? 'this is not valid YAML' }
}

function offsetOf(doc: Document, path: Path): number {
  let node: unknown = doc.contents
  let offset = startOf(node)
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(doc)
    const next = childOf(node, step)
    if (next === undefined) return offset
    offset = startOf(next.at)
    node = next.value
  }
  return offset
}

function childOf(
  node: unknown,
  step: string | number,
): { at: unknown; value: unknown } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)]
    return item === undefined ? undefined : { at: item, value: item }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find(({ key }) => nameOf(key) === String(step))
  return pair === undefined ? undefined : { at: pair.key, value: pair.value }
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}

function textsOf(node: unknown, doc: Document): unknown {
  if (isAlias(node)) return textsOf(node.resolve(doc), doc)
  if (isSeq(node)) return node.items.map((item) => textsOf(item, doc))
  if (isMap(node))
    return Object.fromEntries(
      node.items.map(({ key, value }) => [nameOf(key), textsOf(value, doc)]),
    )
  if (!isScalar(node) || node.value === null) return null
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
}
