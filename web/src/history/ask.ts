import type { Page } from './shapes.ts'

/**
 * Why nothing came. `unavailable`: the history cannot be read now. `unknown`: there is no such thing.
 * `unreachable`: no answer, or one that makes no sense.
 */
export type Trouble = 'unavailable' | 'unknown' | 'unreachable'

/** What came of a question. */
export type Answer<T> =
  | { readonly value: T; readonly trouble?: undefined }
  | { readonly value?: undefined; readonly trouble: Trouble }

/** Asks the monitor for JSON. `path` is relative to the board. Rejects only when it was stopped. */
export async function ask<T>(path: string, signal: AbortSignal): Promise<Answer<T>> {
  try {
    const answer = await fetch(new URL(path, document.baseURI), { signal })
    if (answer.ok) return { value: (await answer.json()) as T }
    return { trouble: troubleOf(answer.status) }
  } catch {
    signal.throwIfAborted()
    return { trouble: 'unreachable' }
  }
}

/** Most pages of one list that are read. */
const MOST_PAGES = 20

/** Asks for a list from its first page to its last. What stands beside the items is that of the first page. */
export async function askAll<T extends Page<unknown>>(
  path: string,
  signal: AbortSignal,
): Promise<Answer<T>> {
  let whole: T | undefined
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const answer = await ask<T>(pageAfter(path, whole?.next ?? null), signal)
    if (answer.value === undefined) return answer
    const { items, next }: T = answer.value
    whole =
      whole === undefined ? answer.value : { ...whole, items: [...whole.items, ...items], next }
    if (next === null) break
  }
  return whole === undefined ? { trouble: 'unreachable' } : { value: whole }
}

/** The path of the page that a cursor asks for. */
export function pageAfter(path: string, cursor: string | null): string {
  if (cursor === null) return path
  return `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`
}

function troubleOf(status: number): Trouble {
  if (status === 503) return 'unavailable'
  return status === 404 ? 'unknown' : 'unreachable'
}
