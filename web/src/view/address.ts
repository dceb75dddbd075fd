import { everything, type Query } from './search.ts'
import { STATUSES, type Status } from './status.ts'

/** What the address of the page holds: the query, and which payer is open. */
export type Place = { readonly query: Query; readonly open: string | null }

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
  }
}

/** The part of an address after `#` for a place; empty for the overview as it is. */
export function writePlace({ query, open }: Place): string {
  const fields = new URLSearchParams()
  if (query.text.trim() !== '') fields.set('q', query.text)
  if (query.statuses.size > 0) fields.set('status', [...query.statuses].join(','))
  if (query.sort === 'name') fields.set('sort', 'name')
  if (open !== null) fields.set('open', open)
  // A comma and a slash may stand in a fragment as they are (RFC 3986 section 3.5).
  const text = fields.toString().replaceAll('%2C', ',').replaceAll('%2F', '/')
  return text === '' ? '' : `#${text}`
}

function isStatus(name: string): name is Status {
  return STATUSES.some((status) => status === name)
}
