import { count } from '../view/format.ts'
import { STATUSES, type Status } from '../view/status.ts'
import type { Summary } from '../view/summary.ts'
import { Glyph } from './glyph.tsx'

type Props = {
  summary: Summary
  chosen: ReadonlySet<Status>
  onChoose(statuses: ReadonlySet<Status>): void
}

/** How many endpoints are in each status; a click shows only those. */
export function Counts({ summary, chosen, onChoose }: Props) {
  const toggle = (status: Status) => {
    onChoose(
      new Set(
        chosen.has(status) ? [...chosen].filter((one) => one !== status) : [...chosen, status],
      ),
    )
  }
  return (
    <section class="counts" aria-label="Endpoints by status">
      {STATUSES.map((status) => (
        <button
          key={status}
          type="button"
          class={summary.counts[status] === 0 ? 'count none' : 'count'}
          aria-pressed={chosen.has(status)}
          onClick={() => toggle(status)}
        >
          <Glyph status={status} />
          <b>{summary.counts[status].toLocaleString('en-US')}</b> {status}
        </button>
      ))}
      <p class="totals">
        {count(summary.endpoints, 'endpoint')} of {count(summary.payers, 'payer')}
      </p>
    </section>
  )
}
