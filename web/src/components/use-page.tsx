import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { PlaceControl } from '../hooks/use-place.ts'
import { useUptime } from '../hooks/use-uptime.ts'
import type { Store } from '../store.ts'
import { everything } from '../view/search.ts'
import type { Summary } from '../view/summary.ts'
import { tableOf } from '../view/table.ts'
import type { Card } from '../view/wrong-now.ts'
import { EndpointPage } from './endpoint-page.tsx'
import { IncidentsPage } from './incidents-page.tsx'
import { Overview } from './overview.tsx'
import { rowButtonId } from './rows-props.ts'

type Given = { store: Store; summary: Summary; cards: readonly Card[]; place: PlaceControl }

/** The page that is shown, and how the keyboard moves through its rows. */
export type PageShown = { readonly body: ComponentChildren; move(by: 1 | -1): void }

/** Chooses the page that the address names. */
export function usePage({ store, summary, cards, place }: Given): PageShown {
  const { page, query } = place
  const isOverview = page.kind === 'overview'
  const view = useMemo(() => tableOf(store, query), [store, query])
  const [cursor, move] = useCursor(view.rows.map(({ id }) => id))
  const uptime = useUptime(isOverview && store.isFilled)
  const onPayer = (payer: string) => {
    place.ask(everything)
    if (place.open !== payer) place.toggle(payer)
    focusPayer(payer)
  }
  if (page.kind === 'endpoint') {
    const body = (
      <EndpointPage
        store={store}
        endpoint={page.endpoint}
        range={page.range}
        onRange={(range) => place.show({ ...page, range })}
        onPayer={onPayer}
      />
    )
    return { body, move: moveInPage }
  }
  if (page.kind === 'incidents') {
    const onOpen = (incident: string | null) => place.show({ ...page, incident })
    const body = <IncidentsPage store={store} open={page.incident} onOpen={onOpen} />
    return { body, move: moveInPage }
  }
  const shown = { summary, cards, view, place, cursor, uptime, onPayer }
  return { body: <Overview {...shown} />, move }
}

/** The row that the keyboard is at, and how to move it through rows that need not be drawn yet. */
function useCursor(ids: readonly string[]): [string | null, (by: 1 | -1) => void] {
  const [cursor, setCursor] = useState<string | null>(null)
  const move = (by: 1 | -1) => {
    const focused = document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row
    const at = focused === undefined ? -1 : ids.indexOf(focused)
    const next = ids[Math.min(Math.max(at + by, 0), ids.length - 1)]
    if (next === undefined) return
    setCursor(next)
    focusPayer(next)
  }
  return [cursor, move]
}

function moveInPage(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')]
  const { activeElement } = document
  const at = activeElement instanceof HTMLElement ? rows.indexOf(activeElement) : -1
  const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)]
  next?.focus({ preventScroll: true })
  next?.scrollIntoView({ block: 'nearest' })
}

/** Focuses the row of a payer once it is drawn. */
export function focusPayer(payer: string): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const button = document.getElementById(rowButtonId(payer))
      button?.focus({ preventScroll: true })
      button?.scrollIntoView({ block: 'nearest' })
    }),
  )
}
