import { useEffect } from 'preact/hooks'
import { useIncidents } from '../hooks/use-incidents.ts'
import type { Store } from '../store.ts'
import { Heading } from './heading.tsx'
import { incidentButtonId } from './incident-item.tsx'
import { IncidentList } from './incident-list.tsx'

type Props = { store: Store; open: string | null; onOpen(incident: string | null): void }

/** The incidents of the last 30 days. */
export function IncidentsPage({ store, open, onOpen }: Props) {
  const asked = useIncidents(store)
  const isThere = asked.lines !== null
  useEffect(() => {
    if (isThere && open !== null)
      document.getElementById(incidentButtonId(open))?.scrollIntoView({ block: 'nearest' })
  }, [isThere])
  const openCount = store.incidents.size
  return (
    <section aria-labelledby="page">
      <Heading>
        Incidents
        <small>
          {openCount === 0 ? 'none open' : `${openCount} open`}, last 30 days, newest first
        </small>
      </Heading>
      <IncidentList
        store={store}
        asked={asked}
        open={open}
        onToggle={(id) => onOpen(open === id ? null : id)}
        none="No incident in the last 30 days."
      />
    </section>
  )
}
