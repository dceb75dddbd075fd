/** The query of `GET /events`: a filter of one clause, and the detail. */
import { Clause, Detail } from '@payer-status/protocol'
import * as z from 'zod'
import { issueTexts } from './client-frame.ts'

const LISTS = ['payers', 'types', 'endpoints'] as const
const KNOWN = new Set<string>([...LISTS, 'detail'])

const EventsQuery = z.strictObject({
  filter: z.array(Clause),
  detail: Detail.default('result'),
})
/** What a client of `GET /events` asks for. */
export type EventsQuery = z.infer<typeof EventsQuery>

/** Reads the query of a request target, or says what is wrong with it without repeating it. */
export function readEventsQuery(url: string): EventsQuery | { issues: string[] } {
  const start = url.indexOf('?')
  const query = new URLSearchParams(start === -1 ? '' : url.slice(start + 1))
  if ([...query.keys()].some((key) => !KNOWN.has(key)))
    return { issues: [`query: expected only ${[...KNOWN].join(', ')}`] }
  const clause = Object.fromEntries(LISTS.map((list) => [list, namesIn(query.getAll(list))]))
  const detail = query.getAll('detail')
  if (detail.length > 1) return { issues: ['detail: expected one value'] }
  const parsed = EventsQuery.safeParse({ filter: [clause], detail: detail[0] })
  return parsed.success ? parsed.data : { issues: issueTexts(parsed.error.issues) }
}

/** Names are separated by commas; an empty value asks for nothing in particular, like an absent one. */
function namesIn(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(','))
    .filter((name) => name.trim() !== '')
    .map(trim)
}

function trim(name: string): string {
  return name.trim()
}
