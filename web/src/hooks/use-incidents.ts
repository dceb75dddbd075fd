import type { Incident } from '@payer-status/client'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { type Answer, ask, pageAfter, type Trouble } from '../history/ask.ts'
import type { Incidents } from '../history/shapes.ts'
import type { Store } from '../store.ts'
import { payerOf } from '../view/address.ts'
import { type IncidentLine, latestOf, linesOf } from '../view/incidents.ts'
import { type Asked, useAsked } from './use-asked.ts'

/** How far back the list goes, ms. */
const BACK_MS = 30 * 86_400_000
const FRESH_MS = 60_000
/** Incidents in one answer. */
const PAGE = 50

/** Incidents open and resolved, and how asking for them goes. */
export type IncidentsAsked = Omit<Asked<Incidents>, 'value'> & {
  /** Null until an answer has come. */
  readonly lines: readonly IncidentLine[] | null
  /** Asks for older ones; undefined where there are none. */
  readonly more: (() => void) | undefined
}

type Older = {
  readonly path: string
  readonly items: readonly Incident[]
  readonly next: string | null
  readonly trouble: Trouble | null
}

/** The incidents of the last 30 days: of everybody, or of one endpoint. */
export function useIncidents(store: Store, endpoint?: string): IncidentsAsked {
  const path = pathOf(endpoint)
  const { value, ...asked } = useAsked<Incidents>({
    key: path,
    ask: (signal) => ask(path, signal),
    freshMs: FRESH_MS,
    news: store.incidents,
  })
  const older = useOlder(path, value)
  const isThere = value !== null || asked.trouble !== null
  const lines = useMemo(() => {
    if (!isThere) return null
    const known = latestOf(store, [...older.items, ...(value?.items ?? [])])
    return linesOf(store, known.filter(wantedOf(endpoint)))
  }, [value, isThere, older.items, store, endpoint])
  const last = (older.items.at(-1) ?? value?.items.at(-1))?.openedAt
  const isEnd = last === undefined || Date.parse(last) < Date.now() - BACK_MS
  const more = isEnd ? undefined : older.more
  if (asked.trouble === null && older.trouble !== null && more !== undefined)
    return { ...asked, lines, more: undefined, trouble: older.trouble, again: more }
  return { ...asked, lines, more }
}

function pathOf(endpoint: string | undefined): string {
  const base = `api/v1/incidents?limit=${PAGE}`
  if (endpoint === undefined) return base
  return `${base}&payer=${encodeURIComponent(payerOf(endpoint))}`
}

/** Whatever is still open, and what began in time. */
function wantedOf(endpoint: string | undefined): (incident: Incident) => boolean {
  const after = Date.now() - BACK_MS
  return ({ openedAt, status, endpoints }) =>
    (status !== 'resolved' || Date.parse(openedAt) >= after) &&
    (endpoint === undefined || endpoints.includes(endpoint))
}

const nothing: Omit<Older, 'path'> = { items: [], next: null, trouble: null }

/** What was asked for beyond the first page, how to ask for more, and why that did not go. */
type OlderAsked = Pick<Older, 'items' | 'trouble'> & { readonly more: (() => void) | undefined }

/** The pages after the first, one by one. It keeps what slips off the first page meanwhile. */
function useOlder(path: string, first: Incidents | null): OlderAsked {
  const [older, setOlder] = useState<Older | null>(null)
  const [stop] = useState(() => new AbortController())
  useEffect(() => () => stop.abort(), [stop])
  const known = older?.path === path ? older : null
  const { items, trouble } = known ?? nothing
  const { next } = known ?? first ?? nothing
  if (next === null) return { items, trouble, more: undefined }
  const before = known?.items ?? first?.items ?? []
  const onAnswer = (answer: Answer<Incidents>) =>
    setOlder(
      answer.value === undefined
        ? { path, items: before, next, trouble: answer.trouble }
        : {
            path,
            items: [...before, ...answer.value.items],
            next: answer.value.next,
            trouble: null,
          },
    )
  const more = () => {
    // It ends early only with the page.
    ask<Incidents>(pageAfter(path, next), stop.signal).then(onAnswer, () => undefined)
  }
  return { items, trouble, more }
}
