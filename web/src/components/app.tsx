import { useMemo, useRef, useState } from 'preact/hooks'
import { useFeed } from '../hooks/use-feed.ts'
import { useKeys } from '../hooks/use-keys.ts'
import { GoContext, type PlaceControl, usePlace } from '../hooks/use-place.ts'
import { useTheme } from '../hooks/use-theme.ts'
import { useTitle } from '../hooks/use-title.ts'
import { overview, payerOf } from '../view/address.ts'
import { zoneName } from '../view/format.ts'
import { liveOf } from '../view/live.ts'
import { summaryOf } from '../view/summary.ts'
import { cardsOf } from '../view/wrong-now.ts'
import { Announcer } from './announcer.tsx'
import { Header } from './header.tsx'
import { Help } from './help.tsx'
import { NoPayers, Waiting } from './notes.tsx'
import { focusPayer, usePage } from './use-page.tsx'

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
  const page = usePage({ store, summary, cards, place })
  useTitle(summary, live, place.page)
  useKeys({
    search: () => search.current?.select(),
    move: page.move,
    back: () => (hasHelp ? setHasHelp(false) : goBack(place)),
    help: () => setHasHelp(!hasHelp),
  })
  return (
    <GoContext.Provider value={place.go}>
      <Header
        live={live}
        page={place.page}
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
        {summary.payers > 0 && page.body}
      </main>
      <Announcer cards={cards} isFilled={store.isFilled} />
      <Help isOpen={hasHelp} onClose={() => setHasHelp(false)} />
      <footer>{`Times in your zone (${zoneName(Date.now())}). A percentage is never rounded up. Grey is not green: unknown means nothing conclusive was seen.`}</footer>
    </GoContext.Provider>
  )
}

/** One step at a time: close what is open, back to the overview, clear the query, then leave the field. */
function goBack({ page, open, toggle, ask, query, go, show }: PlaceControl): void {
  if (page.kind === 'incidents' && page.incident !== null) show({ ...page, incident: null })
  else if (page.kind !== 'overview') {
    go(overview)
    if (page.kind === 'endpoint') focusPayer(payerOf(page.endpoint))
  } else if (open !== null) toggle(open)
  else if (query.text !== '' || query.statuses.size > 0) ask({ text: '', statuses: new Set() })
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}
