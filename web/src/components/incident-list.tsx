import type { IncidentsAsked } from '../hooks/use-incidents.ts'
import type { Store } from '../store.ts'
import { IncidentItem } from './incident-item.tsx'
import { HistoryTrouble } from './notes.tsx'

type Props = {
  store: Store
  asked: IncidentsAsked
  /** The one that is open. */
  open: string | null
  onToggle(id: string): void
  /** What to say where there are none. */
  none: string
}

/** Incidents as a list, with how asking for them goes. */
export function IncidentList({ store, asked, open, onToggle, none }: Props) {
  const { lines, trouble, isAsking, again, more } = asked
  return (
    <div aria-busy={isAsking && lines === null}>
      {trouble !== null && <HistoryTrouble trouble={trouble} onAgain={again} />}
      {lines === null && <p class="quiet">Asking for the incidents.</p>}
      {lines?.length === 0 && trouble === null && more === undefined && <p class="quiet">{none}</p>}
      {lines !== null && lines.length > 0 && (
        <ul class="panel incidents">
          {lines.map((line) => (
            <IncidentItem
              key={line.id}
              store={store}
              line={line}
              isOpen={isOpenIn(line.id, open, line.children)}
              onToggle={onToggle}
            />
          ))}
        </ul>
      )}
      {more !== undefined && (
        <button type="button" class="plain" onClick={more}>
          Show older ones
        </button>
      )}
    </div>
  )
}

/** A link to a child opens its root. */
function isOpenIn(id: string, open: string | null, children: readonly { id: string }[]): boolean {
  return open !== null && (open === id || children.some((child) => child.id === open))
}
