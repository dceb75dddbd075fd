import { useMemo } from 'preact/hooks'
import { askAll } from '../history/ask.ts'
import type { Uptime } from '../history/shapes.ts'
import { daysByPayer, type PayerDays } from '../view/uptime.ts'
import { type Asked, useAsked } from './use-asked.ts'

const HOUR_MS = 3_600_000

/** The last days of every payer, and how asking for them goes. */
export type DaysAsked = Omit<Asked<Uptime>, 'value'> & {
  readonly days: ReadonlyMap<string, PayerDays> | null
}

/** Asks for the last 30 days of the whole board at once, as soon as they are `wanted`, and again each hour. */
export function useUptime(wanted: boolean): DaysAsked {
  const { value, ...rest } = useAsked<Uptime>({
    key: wanted ? 'uptime' : null,
    ask: (signal) => askAll('api/v1/uptime?days=30&limit=10000', signal),
    freshMs: HOUR_MS,
  })
  const days = useMemo(() => (value === null ? null : daysByPayer(value)), [value])
  return { ...rest, days }
}
