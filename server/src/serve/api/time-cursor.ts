/** Pages of what is ordered by time: several may share a millisecond, so a cursor also says how many of those were seen. */
import { ProblemError } from '../problem.ts'
import { decodeCursor, encodeCursor } from './page.ts'

/** Where a reader of such a list is: the last time seen, epoch ms, and how many of that time. */
export type Seen = { at: number; count: number }

type Timed = { at: number }

/** The position in a cursor. @throws {ProblemError} 400 when the cursor is not one of this list */
export function positionOf(list: string, cursor: string | undefined): Seen | undefined {
  if (cursor === undefined) return undefined
  const [, at, count] = /^(\d{1,15})\+(\d{1,4})$/.exec(decodeCursor(list, cursor)) ?? []
  if (at !== undefined) return { at: Number(at), count: Number(count) }
  throw new ProblemError(
    'invalid_request',
    'query cursor: expected the `next` of an earlier answer',
  )
}

/** How many rows beyond a page must be read: those seen already, and one that tells whether there is more. */
export function ahead(seen: Seen | undefined): number {
  return (seen?.count ?? 0) + 1
}

/** One page of rows, which begin with the time that was seen last. */
export function instantPage<Row extends Timed>(
  rows: readonly Row[],
  { list, limit, seen }: { list: string; limit: number; seen: Seen | undefined },
): { items: Row[]; next: string | null } {
  const known = seen ? rows.findIndex(({ at }) => at !== seen.at) : 0
  const ofThatTime = known === -1 ? rows.length : known
  const skip = Math.min(ofThatTime, seen?.count ?? 0)
  const items = rows.slice(skip, skip + limit)
  const last = items.at(-1)
  if (last === undefined || rows.length <= skip + limit) return { items, next: null }
  const again = seen?.at === last.at ? skip : 0
  const count = again + items.filter(({ at }) => at === last.at).length
  return { items, next: encodeCursor(list, `${last.at}+${count}`) }
}
