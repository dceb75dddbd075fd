import { isRange, type Range } from './range.ts'
import { everything, type Query } from './search.ts'
import { STATUSES, type Status } from './status.ts'

/** What is shown: all payers, one endpoint with its history, or the incidents with one of them open. */
export type Page =
  | { readonly kind: 'overview' }
  | { readonly kind: 'endpoint'; readonly endpoint: string; readonly range: Range }
  | { readonly kind: 'incidents'; readonly incident: string | null }

/** What the address of the page holds: the query, which payer is open, and which page is shown. */
export type Place = { readonly query: Query; readonly open: string | null; readonly page: Page }

/** All payers. */
export const overview: Page = { kind: 'overview' }

/** Longest search that is taken from an address. */
const MAX_TEXT = 200

/** Reads the part of an address after `#`. Whatever it holds, the result is a place. */
export function readPlace(hash: string): Place {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  const named = (fields.get('status') ?? '').split(',')
  return {
    query: {
      text: (fields.get('q') ?? everything.text).slice(0, MAX_TEXT),
      statuses: new Set(named.filter(isStatus)),
      sort: fields.get('sort') === 'name' ? 'name' : 'worst',
    },
    open: fields.get('open'),
    page: pageIn(fields),
  }
}

function pageIn(fields: URLSearchParams): Page {
  const endpoint = fields.get('endpoint')
  const range = fields.get('range') ?? ''
  if (endpoint !== null)
    return { kind: 'endpoint', endpoint, range: isRange(range) ? range : '24h' }
  const incident = fields.get('incident')
  if (incident !== null || fields.get('page') === 'incidents')
    return { kind: 'incidents', incident }
  return overview
}

/** The part of an address after `#` for a place; empty for the overview as it is. */
export function writePlace({ query, open, page }: Place): string {
  const fields = new URLSearchParams()
  if (query.text.trim() !== '') fields.set('q', query.text)
  if (query.statuses.size > 0) fields.set('status', [...query.statuses].join(','))
  if (query.sort === 'name') fields.set('sort', 'name')
  if (open !== null) fields.set('open', open)
  writePage(fields, page)
  // A comma and a slash may stand in a fragment as they are (RFC 3986 section 3.5).
  const text = fields.toString().replaceAll('%2C', ',').replaceAll('%2F', '/')
  return text === '' ? '' : `#${text}`
}

/** The address of a page alone, for links. */
export function pageHash(page: Page): string {
  return writePlace({ query: everything, open: null, page }) || '#'
}

function writePage(fields: URLSearchParams, page: Page): void {
  if (page.kind === 'endpoint') {
    fields.set('endpoint', page.endpoint)
    if (page.range !== '24h') fields.set('range', page.range)
  }
  if (page.kind === 'incidents' && page.incident === null) fields.set('page', 'incidents')
  if (page.kind === 'incidents' && page.incident !== null) fields.set('incident', page.incident)
}

/** The payer of an endpoint, whose id is `payer/name`. */
export function payerOf(endpoint: string): string {
  return endpoint.slice(0, Math.max(0, endpoint.indexOf('/')))
}

function isStatus(name: string): name is Status {
  return STATUSES.some((status) => status === name)
}
