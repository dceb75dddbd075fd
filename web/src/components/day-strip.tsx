import type { Status } from '../view/status.ts'
import { availabilityText, type PayerDays } from '../view/uptime.ts'

/** How wide a day is with the gap after it, and how wide without, px. */
const DAY = 4
const BAR = 3
const HEIGHT = 18
const DAYS = 30

/** Where the bar of a day begins and ends: what is worse is taller, so that its height tells it as well as its colour. */
const SPANS: Readonly<Record<Status, readonly (readonly [top: number, end: number])[]>> = {
  down: [[0, 18]],
  degraded: [
    [2, 9],
    [11, 16],
  ],
  maintenance: [
    [4, 7],
    [9, 11],
    [13, 16],
  ],
  operational: [[6, 16]],
  unknown: [[14, 16]],
}

/** The last days of a payer, a bar a day, and how much it could be used. Until they have come there is room for them. */
export function DayStrip({ days }: { days: PayerDays | undefined }) {
  if (days === undefined) return <span class="days" />
  const { worst, availability, words } = days
  return (
    <span class="days" title={words}>
      <svg
        viewBox={`0 0 ${DAYS * DAY} ${HEIGHT}`}
        width={DAYS * DAY}
        height={HEIGHT}
        role="img"
        aria-label={words}
      >
        {(Object.keys(SPANS) as Status[]).map((status) => (
          <path key={status} class={status} d={barsOf(worst, status)} />
        ))}
      </svg>
      <small aria-hidden="true">{availabilityText(availability)}</small>
    </span>
  )
}

function barsOf(worst: readonly Status[], wanted: Status): string {
  const offset = (DAYS - worst.length) * DAY
  return worst
    .flatMap((status, i) =>
      status === wanted
        ? SPANS[wanted].map(([top, end]) => `M${offset + i * DAY} ${top}h${BAR}V${end}h-${BAR}Z`)
        : [],
    )
    .join('')
}
