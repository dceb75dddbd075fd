import { createContext } from 'preact'
import { useCallback, useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { overview, type Page, type Place, readPlace, writePlace } from '../view/address.ts'
import type { Query } from '../view/search.ts'

/** What the address of the page holds, and how to change it. */
export type PlaceControl = Place & {
  /** Changes the query, which is one of the overview. */
  ask(change: Partial<Query>): void
  toggle(payer: string): void
  /** Goes to a page, so that the browser's way back leads here. */
  go(page: Page): void
  /** Shows another part of the same page. */
  show(page: Page): void
}

/** Goes to a page, for what is deep inside. */
export const GoContext = createContext<(page: Page) => void>(() => undefined)

/** Reads and writes the address of the page. */
export function usePlace(): PlaceControl {
  const [place, setPlace] = useState(() => readPlace(location.hash))
  // Before anything is drawn, and from the event: the address may have been written over meanwhile.
  useLayoutEffect(() => {
    const read = ({ newURL }: HashChangeEvent) => setPlace(readPlace(new URL(newURL).hash))
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  useEffect(() => {
    if (writePlace(place) !== location.hash) history.replaceState(null, '', urlOf(place))
  }, [place])
  const ask = useCallback((change: Partial<Query>) => {
    setPlace((before) => ({
      ...before,
      page: overview,
      query: { ...before.query, ...change },
    }))
  }, [])
  const toggle = useCallback((payer: string) => {
    setPlace((before) => ({ ...before, open: before.open === payer ? null : payer }))
  }, [])
  const show = useCallback((page: Page) => setPlace((before) => ({ ...before, page })), [])
  const go = useCallback(
    (page: Page) => {
      const hash = writePlace({ ...readPlace(location.hash), page })
      if (hash !== location.hash) history.pushState(null, '', urlOf(readPlace(hash)))
      show(page)
      scrollTo(0, 0)
    },
    [show],
  )
  return { ...place, ask, toggle, go, show }
}

function urlOf(place: Place): string {
  return `${location.pathname}${location.search}${writePlace(place)}`
}
