import { useMemo, useRef, useState } from 'preact/hooks'
import { useFeed } from '../hooks/use-feed.ts'
import { useKeys } from '../hooks/use-keys.ts'
import { type PlaceControl, usePlace } from '../hooks/use-place.ts'
import { useTheme } from '../hooks/use-theme.ts'
import { useTitle } from '../hooks/use-title.ts'
import { zoneName } from '../view/format.ts'
import { liveOf } from '../view/live.ts'
import { everything } from '../view/search.ts'
import { summaryOf } from '../view/summary.ts'
import { tableOf } from '../view/table.ts'
import { cardsOf } from '../view/wrong-now.ts'
import { Announcer } from './announcer.tsx'
import { Counts } from './counts.tsx'
import { Header } from './header.tsx'
import { Help } from './help.tsx'
import { FirstRound, NoPayers, OfflineNote, Waiting } from './notes.tsx'
import { Payers } from './payers.tsx'
import { rowButtonId } from './rows-props.ts'
import { WrongNow } from './wrong-now.tsx'

/** The board. */
export function App({ url }: { url: URL }) {
  const { store, connection } = useFeed(url)
  const place = usePlace()
  const [theme, onTheme] = useTheme()
  const [hasHelp, setHasHelp] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  const live = liveOf(connection)
  const summary = useMemo(() => summaryOf(store), [store])
  const cards = useMemo(() => cardsOf(store), [store])
  const view = useMemo(() => tableOf(store, place.query), [store, place.query])
  const [cursor, move] = useCursor(view.rows.map(({ id }) => id))
  useTitle(summary, live)
  useKeys({
    search: () => search.current?.select(),
    move,
    back: () => (hasHelp ? setHasHelp(false) : goBack(place)),
    help: () => setHasHelp(!hasHelp),
  })
  const reveal = (payer: string) => {
    place.ask(everything)
    if (place.open !== payer) place.toggle(payer)
    focusPayer(payer)
  }
  return (
    <>
      <Header
        live={live}
        text={place.query.text}
        onText={(text) => place.ask({ text })}
        searchRef={search}
        theme={theme}
        onTheme={onTheme}
        onHelp={() => setHasHelp(true)}
      />
      <main class={live.isOld && store.isFilled ? 'old' : undefined}>
        {!store.isFilled && <Waiting isLost={live.tone === 'lost'} />}
        {store.isFilled && summary.payers === 0 && <NoPayers />}
        {summary.payers > 0 && (
          <>
            <Counts
              summary={summary}
              chosen={place.query.statuses}
              onChoose={(statuses) => place.ask({ statuses })}
            />
            <OfflineNote vantages={summary.offline} />
            <FirstRound round={summary.firstRound} />
            <WrongNow cards={cards} summary={summary} onOpen={reveal} />
            <Payers view={view} place={place} cursor={cursor} />
          </>
        )}
      </main>
      <Announcer cards={cards} isFilled={store.isFilled} />
      <Help isOpen={hasHelp} onClose={() => setHasHelp(false)} />
      <footer>{`Times in your zone (${zoneName(Date.now())}). Grey is not green: unknown means nothing conclusive was seen.`}</footer>
    </>
  )
}

/** The row that the keyboard is at, and how to move it. */
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

/** Once it is drawn. */
function focusPayer(payer: string): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const button = document.getElementById(rowButtonId(payer))
      button?.focus({ preventScroll: true })
      button?.scrollIntoView({ block: 'nearest' })
    }),
  )
}

/** One step at a time: close what is open, then clear the query, then leave the field. */
function goBack({ open, toggle, ask, query }: PlaceControl): void {
  if (open !== null) toggle(open)
  else if (query.text !== '' || query.statuses.size > 0) ask({ text: '', statuses: new Set() })
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}
