/** The last days of each payer: of its endpoints the worst status of each day, and how much they could be used. */
import type { DailyMinutes, Uptime, UptimeRow } from '../history/shapes.ts'
import { percent } from './format.ts'
import { rankOf, type Status, wordOf } from './status.ts'

/** The last days of one payer. */
export type PayerDays = {
  /** The worst of each day, the oldest first. */
  readonly worst: readonly Status[]
  /** The share of the observed time that its endpoints could be used, 0 to 1; null where there is not enough data. */
  readonly availability: number | null
  /** All of it in words. */
  readonly words: string
}

/** The share of the time that must have been observed (docs/protocol.md, uptime). */
const ENOUGH = 0.9
/** What a day can be besides unknown, the worst first. */
const KINDS = ['down', 'degraded', 'maintenance', 'operational'] as const

/** The days of every payer, by its id. */
export function daysByPayer({ days, items }: Uptime): ReadonlyMap<string, PayerDays> {
  // The monitor itself observed as much of a day as the endpoint that it observed longest.
  const watched = days.map((_, i) =>
    items.reduce((most, { minutes }) => Math.max(most, observedOn(minutes, i)), 0),
  )
  const total = sumOf(watched)
  const groups = Map.groupBy(items, ({ payer }) => payer)
  return new Map([...groups].map(([payer, own]) => [payer, payerDays(days, own, total)]))
}

function payerDays(days: readonly string[], rows: readonly UptimeRow[], total: number): PayerDays {
  const worst = days.map((_, i) => worstOn(rows, i))
  const availability = availabilityOf(rows, total)
  return { worst, availability, words: wordsOf(days, worst, availability) }
}

function worstOn(rows: readonly UptimeRow[], day: number): Status {
  return (
    KINDS.find((kind) => rows.some((row) => unplanned(row.minutes, kind, day) > 0)) ?? 'unknown'
  )
}

/** What was announced is maintenance, also where it was down. */
function unplanned(minutes: DailyMinutes, kind: (typeof KINDS)[number], day: number): number {
  const own = minutes[kind]?.[day] ?? 0
  const planned = minutes.planned?.[day] ?? 0
  if (kind === 'maintenance') return own + planned
  if (kind !== 'down') return own
  return Math.max(0, own - Math.max(0, planned - (minutes.maintenance?.[day] ?? 0)))
}

/** Of the endpoints that were observed long enough; `total`: how long the monitor watched, minutes. */
function availabilityOf(rows: readonly UptimeRow[], total: number): number | null {
  const sums = rows.map(({ minutes }) => {
    const used = sumOf(minutes.operational) + sumOf(minutes.degraded)
    return { used, observed: used + sumOf(minutes.down) + sumOf(minutes.maintenance) }
  })
  const known = sums.filter(({ observed }) => observed > 0 && observed / total >= ENOUGH)
  if (known.length === 0) return null
  return sumOf(known.map(({ used }) => used)) / sumOf(known.map(({ observed }) => observed))
}

function observedOn(minutes: DailyMinutes, day: number): number {
  return sumOf(KINDS.map((kind) => minutes[kind]?.[day] ?? 0))
}

function sumOf(numbers: readonly number[] = []): number {
  return numbers.reduce((sum, one) => sum + one, 0)
}

const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** Longest list of days that is read out. */
const MOST_DAYS = 3

function wordsOf(
  days: readonly string[],
  worst: readonly Status[],
  availability: number | null,
): string {
  const parts = KINDS.filter((kind) => kind !== 'operational').flatMap((kind) => {
    const on = days.filter((_, i) => worst[i] === kind)
    if (on.length === 0) return []
    const named = on.length <= MOST_DAYS ? ` (${on.map((day) => dayText(day)).join(', ')})` : ''
    return [`${wordOf(kind)} on ${on.length} ${on.length === 1 ? 'day' : 'days'}${named}`]
  })
  const missing = worst.filter((status) => rankOf(status) === rankOf('unknown')).length
  return [
    `Last ${days.length} days: ${availabilityText(availability)}`,
    ...(parts.length === 0 && availability !== null ? ['nothing wrong'] : parts),
    ...(missing > 0 ? [`not observed on ${missing}`] : []),
  ].join('; ')
}

function dayText(day: string): string {
  return date.format(Date.parse(day))
}

/** The availability, or that it is not known. */
export function availabilityText(availability: number | null): string {
  return availability === null ? 'not enough data' : percent(availability)
}
