/**
 * Fills variables and secret files into parsed text: `${VAR}`, `${VAR:-default}`, `${VAR:?message}`, `${file:/path}`;
 * `$${` is a literal `${`. What was filled in is never looked at again, so a value cannot refer to another.
 */
import type { Path } from './yaml.ts'

/** What a text refers to. */
export type Reference =
  | { kind: 'variable'; name: string; otherwise?: string; demand?: string }
  | { kind: 'file'; path: string }

/** Literal text and references, in order; or what is wrong with it. */
export type Template = { parts: readonly (string | Reference)[] } | { mistake: string }

/** Where values come from. A file that could not be read says why. */
export type Lookup = {
  variable(name: string): string | undefined
  file(path: string): { text: string } | { mistake: string }
}

/** Longest text after substitution, characters. */
const MAX_LENGTH = 262_144

const USAGE = `expected \${VAR}, \${VAR:-default}, \${VAR:?message} or \${file:/path}; write "$\${" for a plain "\${"`

const TOKEN = /\$\$\{|\$\{[^}]*\}?/g

/** Takes a text apart. Linear in its length. */
export function parseTemplate(text: string): Template {
  const parts: (string | Reference)[] = []
  let literal = ''
  let at = 0
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    literal += text.slice(at, index)
    at = index + token.length
    if (token.startsWith('$$')) {
      literal += token.slice(1)
      continue
    }
    const reference = token.endsWith('}') ? referenceOf(token.slice(2, -1)) : undefined
    if (reference === undefined) return { mistake: USAGE }
    parts.push(literal, reference)
    literal = ''
  }
  parts.push(literal + text.slice(at))
  return { parts: parts.filter((part) => part !== '') }
}

const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]{0,127})(?:(:[-?])(.*))?$/s

function referenceOf(inner: string): Reference | undefined {
  if (inner.includes('${')) return undefined
  if (inner.startsWith('file:'))
    return inner === 'file:' ? undefined : { kind: 'file', path: inner.slice(5) }
  const [, name, operator, rest = ''] = VARIABLE.exec(inner) ?? []
  if (name === undefined) return undefined
  if (operator === ':-') return { kind: 'variable', name, otherwise: rest }
  return operator === ':?' ? { kind: 'variable', name, demand: rest } : { kind: 'variable', name }
}

/** The text with everything filled in; or what is missing. As in a shell, `:-` and `:?` treat empty as unset. */
export function substitute(text: string, lookup: Lookup): { text: string } | { mistake: string } {
  if (!text.includes('${')) return { text }
  const template = parseTemplate(text)
  if ('mistake' in template) return template
  let filled = ''
  for (const part of template.parts) {
    const value = typeof part === 'string' ? { text: part } : filledIn(part, lookup)
    if ('mistake' in value) return value
    filled += value.text
    if (filled.length > MAX_LENGTH)
      return { mistake: `becomes longer than ${MAX_LENGTH} characters` }
  }
  return { text: filled }
}

function filledIn(reference: Reference, lookup: Lookup): { text: string } | { mistake: string } {
  if (reference.kind === 'file') return lookup.file(reference.path)
  const { name, otherwise, demand } = reference
  const value = lookup.variable(name)
  const isUnset =
    value === undefined || (value === '' && (otherwise !== undefined || demand !== undefined))
  if (!isUnset) return { text: value }
  if (otherwise !== undefined) return { text: otherwise }
  return { mistake: `the variable ${name} is not set${demand ? `: ${demand}` : ''}` }
}

/** Calls `each` with every text in `value` and gives a copy with what it returned. */
export function mapTexts(value: unknown, each: (text: string, path: Path) => unknown): unknown {
  return mapBelow(value, [], each)
}

function mapBelow(
  value: unknown,
  path: Path,
  each: (text: string, path: Path) => unknown,
): unknown {
  if (typeof value === 'string') return each(value, path)
  if (Array.isArray(value)) return value.map((item, i) => mapBelow(item, [...path, i], each))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapBelow(item, [...path, key], each)]),
  )
}

/** The files that the texts in `value` refer to. */
export function filesIn(value: unknown): string[] {
  const files = new Set<string>()
  mapTexts(value, (text) => {
    const template = parseTemplate(text)
    const parts = 'parts' in template ? template.parts : []
    for (const part of parts)
      if (typeof part !== 'string' && part.kind === 'file') files.add(part.path)
  })
  return [...files]
}
