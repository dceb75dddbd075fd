import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { elapsed, latency, moment, percent } from '../view/format.ts'
import type { Point } from '../view/latency.ts'
import { wordOf } from '../view/status.ts'
import type { Stretch } from '../view/timeline.ts'

type Props = { points: readonly Point[]; stretches: readonly Stretch[] }

/** The figures of a chart for those who cannot see it, or want to copy them. Made when it is opened. */
export function ChartTable({ points, stretches }: Props) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details class="figures" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>Figures as tables</summary>
      {isOpen && (
        <>
          <Changes stretches={stretches} />
          <Latencies points={points} />
        </>
      )}
    </details>
  )
}

function Changes({ stretches }: Pick<Props, 'stretches'>) {
  const now = Date.now()
  return (
    <Scroll label="Status, newest first">
      <table class="plainly">
        <Head names={['From', 'To', 'For', 'Status']} />
        <tbody>
          {stretches.toReversed().map(({ from, to, status, planned }) => (
            <tr key={from}>
              <td>{moment(from, now)}</td>
              <td>{moment(to, now)}</td>
              <td>{elapsed(to - from)}</td>
              <td>{`${wordOf(status)}${planned ? ', planned' : ''}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function Latencies({ points }: Pick<Props, 'points'>) {
  const now = Date.now()
  const ms = (value: number | null) => (value === null ? 'no answer' : latency(value))
  return (
    <Scroll label="Latency, newest first">
      <table class="plainly">
        <Head names={['From', 'Median', 'p90', 'p95', 'p99', 'Results', 'Failed', 'Not failed']} />
        <tbody>
          {points.toReversed().map((point) => (
            <tr key={point.at}>
              <td>{moment(point.at, now)}</td>
              <td>{ms(point.p50Ms)}</td>
              <td>{ms(point.p90Ms)}</td>
              <td>{ms(point.p95Ms)}</td>
              <td>{ms(point.p99Ms)}</td>
              <td>{point.count}</td>
              <td>{point.failures}</td>
              <td>{percent(point.availability)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

/** Scrolls in itself. */
function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <section class="scroll" aria-label={label}>
      <p>{label}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard (WCAG 2.1.1) */}
      <div tabIndex={0}>{children}</div>
    </section>
  )
}

function Head({ names }: { names: readonly string[] }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  )
}
