import { ProblemError } from '../problem.ts'

/** How a list is ordered and cut into pages. */
export type Listing<Item> = {
  /** Part of every cursor, so that one list's cursor is not taken for another's. */
  list: string
  keyOf: (item: Item) => string
  /** `descending`: the largest key first. */
  order: 'ascending' | 'descending'
}

/** Which page. */
export type PageAsked = { limit: number; cursor?: string | undefined }

/**
 * One page in the list's order. A cursor holds the last key of the page before, so a page stays right while items come and go.
 * @throws {ProblemError} 400 when the cursor is not one of this list
 */
export function pageOf<Item>(
  all: Iterable<Item>,
  { list, keyOf, order }: Listing<Item>,
  { limit, cursor }: PageAsked,
): { items: Item[]; next: string | null } {
  const sign = order === 'ascending' ? 1 : -1
  const after = cursor === undefined ? undefined : decodeCursor(list, cursor)
  const rest = [...all].filter(
    (item) => after === undefined || sign * compare(keyOf(item), after) > 0,
  )
  rest.sort((a, b) => sign * compare(keyOf(a), keyOf(b)))
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  const isEnd = items.length === rest.length || last === undefined
  return { items, next: isEnd ? null : encodeCursor(list, keyOf(last)) }
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The cursor of a list that goes on after `key`. */
export function encodeCursor(list: string, key: string): string {
  return Buffer.from(`${list}:${key}`).toString('base64url')
}

/** The key that a cursor holds. @throws {ProblemError} 400 when the cursor is not one of this list */
export function decodeCursor(list: string, cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString()
  const prefix = `${list}:`
  if (text.startsWith(prefix) && Buffer.from(text).toString('base64url') === cursor)
    return text.slice(prefix.length)
  throw new ProblemError(
    'invalid_request',
    'query cursor: expected the `next` of an earlier answer',
  )
}
