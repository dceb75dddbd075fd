import type { State } from '@payer-status/client'
import { columnKey, columnLabel } from '../view/columns.ts'
import { day, latency, preciseTime } from '../view/format.ts'
import type { Row } from '../view/row.ts'
import { wordOf } from '../view/status.ts'
import { doingOf, reasonSentence } from '../view/words.ts'
import { Elapsed } from './elapsed.tsx'
import { Glyph } from './glyph.tsx'

const DAY_MS = 86_400_000
/** A certificate that ends sooner than this many days is worth a look. */
const SOON_DAYS = 21

/** The endpoints of one payer, the worst first, with all that is known of each. */
export function Details({ row }: { row: Row }) {
  return (
    <ul class="endpoints" aria-label={`Endpoints of ${row.name}`}>
      {row.endpoints.map((state) => (
        <EndpointView key={state.endpoint} state={state} />
      ))}
    </ul>
  )
}

function EndpointView({ state }: { state: State }) {
  const { endpoint, status, reason, result, since, via, intermittent, type } = state
  const key = columnKey(state)
  const doing = status === 'operational' ? null : doingOf(state.attribution)
  return (
    <li class={`endpoint ${status}`}>
      <p class="who">
        <Glyph status={status} />
        <b>{columnLabel(key)}</b>
        <span class="id">{endpoint}</span>
      </p>
      <p class="why">
        {reason === null
          ? status === 'operational'
            ? 'Answers as expected.'
            : ''
          : reasonSentence(reason)}
        {doing !== null && <span class="tag">{doing}</span>}
        {intermittent && <span class="tag">intermittent</span>}
      </p>
      <dl>
        <Fact name="Status" value={wordOf(status)} />
        <Fact name="Since" value={<Elapsed since={Date.parse(since)} />} />
        <Fact
          name="Latency"
          value={result === null ? 'not tried yet' : latency(result.latencyMs)}
        />
        {result?.statusCode != null && <Fact name="Answer" value={`HTTP ${result.statusCode}`} />}
        {result !== null && <Fact name="Last result" value={preciseTime(Date.parse(result.at))} />}
        <Certificate expiresAt={result?.tls?.expiresAt ?? null} />
        {columnLabel(key).toLowerCase() !== type.toLowerCase() && <Fact name="Type" value={type} />}
        {via !== 'direct' && <Fact name="Route" value={via} />}
      </dl>
    </li>
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

function Fact({ name, value, isLoud = false }: FactProps) {
  return (
    <div class={isLoud ? 'loud' : undefined}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
