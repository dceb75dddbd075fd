import type { State } from '@payer-status/client'
import { useState } from 'preact/hooks'
import { useIncidents } from '../hooks/use-incidents.ts'
import type { Store } from '../store.ts'
import { overview } from '../view/address.ts'
import { columnKey, columnLabel } from '../view/columns.ts'
import { payerName, statesOf } from '../view/incident-words.ts'
import type { Range } from '../view/range.ts'
import { wordOf } from '../view/status.ts'
import { windowBadge, windowsOf } from '../view/windows.ts'
import { Facts, Why } from './details.tsx'
import { Glyph } from './glyph.tsx'
import { Heading } from './heading.tsx'
import { HistoryChart } from './history-chart.tsx'
import { IncidentList } from './incident-list.tsx'
import { Link } from './link.tsx'
import { Maintenance } from './maintenance.tsx'

type Props = {
  store: Store
  endpoint: string
  range: Range
  onRange(range: Range): void
  /** Leads to the payer in the overview. */
  onPayer(payer: string): void
}

/** One endpoint: what it is now, what it was, its incidents. */
export function EndpointPage({ store, endpoint, ...rest }: Props) {
  const [state] = statesOf(store, [endpoint])
  return state === undefined ? (
    <Nobody />
  ) : (
    <Known key={endpoint} store={store} state={state} {...rest} />
  )
}

type KnownProps = Omit<Props, 'endpoint'> & { state: State }

function Known({ store, state, range, onRange, onPayer }: KnownProps) {
  const { endpoint, payer, status } = state
  const asked = useIncidents(store, endpoint)
  const all = [...(store.entries.get(payer)?.windows.values() ?? [])]
  const windows = windowsOf(state, all)
  const [open, setOpen] = useState<string | null>(null)
  return (
    <>
      <section class="one" aria-labelledby="page">
        <p>
          <button type="button" class="link" onClick={() => onPayer(payer)}>
            {payerName(store, payer, [state])}
          </button>
        </p>
        <Heading>
          <Glyph status={status} label={wordOf(status)} />
          {columnLabel(columnKey(state))}
          <small>{endpoint}</small>
        </Heading>
        <div class={`endpoint ${status}`}>
          <Why state={state} badge={windowBadge(state, all, Date.now())} />
          <Facts state={state} />
          {windows.length > 0 && <Maintenance payer={payer} name={endpoint} windows={windows} />}
        </div>
      </section>
      <HistoryChart state={state} range={range} onRange={onRange} />
      <section aria-labelledby="incidents">
        <h2 id="incidents">Incidents of the last 30 days</h2>
        <IncidentList
          store={store}
          asked={asked}
          open={open}
          onToggle={(id) => setOpen(open === id ? null : id)}
          none="None."
        />
      </section>
      <Siblings store={store} state={state} range={range} />
    </>
  )
}

function Siblings({ store, state, range }: Pick<KnownProps, 'store' | 'state' | 'range'>) {
  const own = [...(store.entries.get(state.payer)?.endpoints.values() ?? [])]
  if (own.length < 2) return null
  return (
    <nav class="siblings" aria-label="Endpoints of this payer">
      {own.map((one) => (
        <Link
          key={one.endpoint}
          to={{ kind: 'endpoint', endpoint: one.endpoint, range }}
          isCurrent={one.endpoint === state.endpoint}
        >
          <Glyph status={one.status} label={wordOf(one.status)} />
          {columnLabel(columnKey(one))}
        </Link>
      ))}
    </nav>
  )
}

function Nobody() {
  return (
    <section class="empty" aria-labelledby="page">
      <Heading>No such endpoint</Heading>
      <p>Nothing of this name is watched. It may have left the configuration.</p>
      <Link class="link" to={overview}>
        All payers
      </Link>
    </section>
  )
}
