import { useCallback, useEffect, useState } from 'preact/hooks'
import { type Place, readPlace, writePlace } from '../view/address.ts'
import type { Query } from '../view/search.ts'

/** The query and the open payer, kept in the address of the page. */
export type PlaceControl = Place & {
  ask(change: Partial<Query>): void
  toggle(payer: string): void
}

/** Reads and writes the address of the page. */
export function usePlace(): PlaceControl {
  const [place, setPlace] = useState(() => readPlace(location.hash))
  useEffect(() => {
    const read = () => setPlace(readPlace(location.hash))
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  useEffect(() => {
    const hash = writePlace(place)
    const url = `${location.pathname}${location.search}${hash}`
    if (hash !== location.hash) history.replaceState(null, '', url)
  }, [place])
  const ask = useCallback((change: Partial<Query>) => {
    setPlace((before) => ({ ...before, query: { ...before.query, ...change } }))
  }, [])
  const toggle = useCallback((payer: string) => {
    setPlace((before) => ({ ...before, open: before.open === payer ? null : payer }))
  }, [])
  return { ...place, ask, toggle }
}
