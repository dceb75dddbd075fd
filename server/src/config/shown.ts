/**
 * What may be shown of a text that variables or secret files were filled into: the text as the file writes it, with the
 * name of each reference in its place. What was filled in is a secret.
 */
import { REFERENCE } from './original.ts'
import { parseTemplate } from './substitute.ts'

/** A text in the file's own words; `leads` when it begins with a reference, which then gives scheme and host. */
type Written = { text: string; leads: boolean }

/** The text as the file writes it, with names for references; undefined when nothing was filled in. */
export function writtenText(raw: unknown, isOriginal: boolean): string | undefined {
  return writtenOf(raw, isOriginal)?.text
}

/** Scheme, host and path of an address. Of a path only what stands in the file is shown. */
export function shownAddress(
  url: URL,
  { raw, base, isOriginal }: { raw: unknown; base: unknown; isOriginal: boolean },
): string {
  const written = writtenOf(raw, isOriginal)
  const below = writtenOf(base, isOriginal)
  if (written === undefined && below === undefined) return `${url.origin}${url.pathname}`
  const own = written ?? { text: String(raw), leads: false }
  const isAbsolute = own.leads || own.text.includes('://')
  const path = isAbsolute ? pathOf(own) : `${pathOf(below ?? plain(base))}/${pathOf(own)}`
  return `${url.origin}/${path
    .replace(/[?#].*$/s, '')
    .replace(/^\/+/, '')
    .replace(/\/{2,}/g, '/')}`
}

function writtenOf(raw: unknown, isOriginal: boolean): Written | undefined {
  if (typeof raw !== 'string') return undefined
  const parts = isOriginal ? originalParts(raw) : ourParts(raw)
  if (!parts.some(({ name }) => name !== undefined)) return undefined
  const text = parts.map(({ literal, name }) => literal ?? `{${name}}`).join('')
  return { text, leads: parts[0]?.name !== undefined }
}

type Part = { literal?: string; name?: string }

function ourParts(raw: string): Part[] {
  const template = parseTemplate(raw)
  if ('mistake' in template) return [{ literal: raw }]
  return template.parts.map((part) => {
    if (typeof part === 'string') return { literal: part }
    return { name: part.kind === 'file' ? 'file' : part.name }
  })
}

function originalParts(raw: string): Part[] {
  const parts: Part[] = []
  let at = 0
  for (const { 0: token, 1: braced, 2: bare, index } of raw.matchAll(REFERENCE)) {
    if (index > at) parts.push({ literal: raw.slice(at, index) })
    parts.push({ name: braced ?? bare ?? '' })
    at = index + token.length
  }
  return at < raw.length ? [...parts, { literal: raw.slice(at) }] : parts
}

function plain(raw: unknown): Written {
  return { text: typeof raw === 'string' ? raw : '', leads: false }
}

/** What follows the host. Of a reference that gives the host, nothing is shown. */
function pathOf({ text, leads }: Written): string {
  if (leads) return text.replace(/^\{[^}]*\}/, '')
  return text.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
}
