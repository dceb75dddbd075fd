import type { State } from '@payer-status/client'
import { columnKey, columnLabel } from '../view/columns.ts'
import { day, latency, preciseTime } from '../view/format.ts'
import type { Row } from '../view/row.ts'
import { wordOf } from '../view/status.ts'
import { windowBadge, windowsOf } from '../view/windows.ts'
import { doingOf, reasonSentence } from '../view/words.ts'
import { Elapsed } from './elapsed.tsx'
import { Glyph } from './glyph.tsx'
import { Link } from './link.tsx'
import { Maintenance } from './maintenance.tsx'

const DAY_MS = 86_400_000
/** A certificate that ends sooner than this many days is worth a look. */
const SOON_DAYS = 21

/** The endpoints of one payer, the worst first, with all that is known of each, and its announced maintenance. */
export function Details({ row }: { row: Row }) {
  const windows = windowsOf(null, row.windows)
  return (
    <>
      <ul class="endpoints" aria-label={`Endpoints of ${row.name}`}>
        {row.endpoints.map((state) => (
          <EndpointView
            key={state.endpoint}
            state={state}
            badge={windowBadge(state, row.windows, Date.now())}
          />
        ))}
      </ul>
      {windows.length > 0 && <Maintenance payer={row.id} name={row.name} windows={windows} />}
    </>
  )
}

type OneProps = {
  state: State
  /** Of the announced maintenance that it is in. */
  badge: string | undefined
}

function EndpointView({ state, badge }: OneProps) {
  const { endpoint, status } = state
  const key = columnKey(state)
  return (
    <li class={`endpoint ${status}`}>
      <p class="who">
        <Glyph status={status} />
        <Link class="to" to={{ kind: 'endpoint', endpoint, range: '24h' }}>
          {columnLabel(key)}
          <span class="said"> history</span>
        </Link>
        <span class="id">{endpoint}</span>
      </p>
      <Why state={state} badge={badge} />
      <Facts state={state} />
    </li>
  )
}

/** Why an endpoint is what it is, and whose doing that is. */
export function Why({ state, badge }: OneProps) {
  const { status, reason, intermittent } = state
  const doing = status === 'operational' ? null : doingOf(state.attribution)
  return (
    <p class="why">
      {reason === null
        ? status === 'operational'
          ? 'Answers as expected.'
          : ''
        : reasonSentence(reason)}
      {doing !== null && <span class="tag">{doing}</span>}
      {intermittent && <span class="tag">intermittent</span>}
      {badge !== undefined && <span class="tag wait">{badge}</span>}
    </p>
  )
}

/** What is known of an endpoint now. */
export function Facts({ state }: { state: State }) {
  const { status, result, since, via, type } = state
  return (
    <dl>
      <Fact name="Status" value={wordOf(status)} />
      <Fact name="Since" value={<Elapsed since={Date.parse(since)} />} />
      <Fact name="Latency" value={result === null ? 'not tried yet' : latency(result.latencyMs)} />
      {result?.statusCode != null && <Fact name="Answer" value={`HTTP ${result.statusCode}`} />}
      {result !== null && <Fact name="Last result" value={preciseTime(Date.parse(result.at))} />}
      <Certificate expiresAt={result?.tls?.expiresAt ?? null} />
      {columnLabel(columnKey(state)).toLowerCase() !== type.toLowerCase() && (
        <Fact name="Type" value={type} />
      )}
      {via !== 'direct' && <Fact name="Route" value={via} />}
    </dl>
  )
}

function Certificate({ expiresAt }: { expiresAt: string | null }) {
  if (expiresAt === null) return null
  const end = Date.parse(expiresAt)
  const days = Math.floor((end - Date.now()) / DAY_MS)
  const left = days < 0 ? ', expired' : days < SOON_DAYS ? `, ${days} days left` : ''
  return <Fact name="Certificate until" value={`${day(end)}${left}`} isLoud={left !== ''} />
}

type FactProps = { name: string; value: preact.ComponentChildren; isLoud?: boolean }

/** One fact of a list. */
export function Fact({ name, value, isLoud = false }: FactProps) {
  return (
    <div class={isLoud ? 'loud' : undefined}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
