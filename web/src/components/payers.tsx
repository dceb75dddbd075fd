import { useMedia } from '../hooks/use-media.ts'
import type { PlaceControl } from '../hooks/use-place.ts'
import type { DaysAsked } from '../hooks/use-uptime.ts'
import { count } from '../view/format.ts'
import { isNarrow } from '../view/search.ts'
import type { TableView } from '../view/table.ts'
import { HistoryTrouble, NoMatch } from './notes.tsx'
import { PayerList } from './payer-list.tsx'
import { PayerTable } from './payer-table.tsx'

type Props = { view: TableView; place: PlaceControl; cursor: string | null; uptime: DaysAsked }

/** Payers by transaction, as a table or, on a phone, as a list. */
export function Payers({ view, place, cursor, uptime }: Props) {
  const isPhone = useMedia('(max-width: 640px)')
  const { query, open, toggle, ask } = place
  const clear = () => ask({ text: '', statuses: new Set() })
  const shared = { open, cursor, days: uptime.days, onToggle: toggle }
  return (
    <section aria-labelledby="payers">
      <h2 id="payers">
        Payers by transaction
        {isNarrow(query) && (
          <button type="button" class="link" onClick={clear}>
            {`${count(view.rows.length, 'payer')} shown, show all`}
          </button>
        )}
      </h2>
      {uptime.trouble !== null && (
        <HistoryTrouble trouble={uptime.trouble} onAgain={uptime.again} />
      )}
      {view.rows.length === 0 ? (
        <NoMatch text={query.text} onClear={clear} />
      ) : isPhone ? (
        <PayerList rows={view.rows} {...shared} />
      ) : (
        <PayerTable view={view} sort={query.sort} onSort={(sort) => ask({ sort })} {...shared} />
      )}
    </section>
  )
}
