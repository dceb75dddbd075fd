import { STATUSES, wordOf } from '../view/status.ts'
import type { Stretch } from '../view/timeline.ts'
import { STRIP_LOOKS } from './chart-drawing.tsx'

/** What the lines and the bars of a chart are; of the statuses those that occur. */
export function Legend({ stretches }: { stretches: readonly Stretch[] }) {
  const seen = STATUSES.filter((status) => stretches.some((one) => one.status === status))
  return (
    <ul class="legend" aria-label="What the chart shows">
      <li>
        <Swatch>
          <path class="line" d="M2 10H26" />
        </Swatch>
        median
      </li>
      <li>
        <Swatch>
          <path class="band" d="M2 4H26V16H2Z" />
        </Swatch>
        90th to 99th percentile
      </li>
      <li>
        <Swatch>
          <path class="failures" d="M14 17l4 -9h-8Z" />
        </Swatch>
        failed
      </li>
      {seen.map((status) => (
        <li key={status}>
          <Swatch>
            <rect
              class={`stretch ${status}`}
              x="2"
              y={20 - STRIP_LOOKS[status].height}
              width="24"
              height={STRIP_LOOKS[status].height}
              fill={STRIP_LOOKS[status].fill}
            />
          </Swatch>
          {wordOf(status)}
        </li>
      ))}
    </ul>
  )
}

function Swatch({ children }: { children: preact.ComponentChildren }) {
  return (
    <svg class="drawing" width="28" height="20" viewBox="0 0 28 20" aria-hidden="true">
      {children}
    </svg>
  )
}
