import type { State } from '@payer-status/client'
import { useCallback, useMemo } from 'preact/hooks'
import { type Answer, ask, askAll } from '../history/ask.ts'
import type { Latency, Page, StatusChange } from '../history/shapes.ts'
import { type Point, pointsOf } from '../view/latency.ts'
import { type Axis, axisOf, RANGES, type Range } from '../view/range.ts'
import { type Stretch, stretchesOf } from '../view/timeline.ts'
import { type Asked, useAsked } from './use-asked.ts'
import { useNow } from './use-now.ts'

type Past = { readonly changes: readonly StatusChange[]; readonly latency: Latency }

/** The past of one endpoint on an axis of time; null until it has come. */
export type History = Omit<Asked<Past>, 'value'> & {
  readonly axis: Axis
  readonly points: readonly Point[] | null
  readonly stretches: readonly Stretch[] | null
  /** When the first thing was seen, epoch ms, where that is within the axis. */
  readonly begunAt: number | null
}

/** The past of the endpoint, at most one step old while it is looked at; the end is what the feed says. */
export function useHistory(state: State, range: Range): History {
  const to = useNow(useCallback((now: number) => axisOf(range, now).to, [range]))
  const minute = useNow(useCallback((now: number) => Math.floor(now / MINUTE_MS), []))
  const { stepMs } = RANGES[range]
  const { value, ...rest } = useAsked<Past>({
    key: `${state.endpoint} ${range}`,
    ask: (signal) => askPast(state.endpoint, range, signal),
    freshMs: stepMs,
    isEmpty: ({ latency }) => latency.steps.length === 0,
    news: state.result?.at,
  })
  const { status, since } = state
  const shown = useMemo(() => {
    const axis = axisOf(range, to - 1)
    if (value === null) return { axis, points: null, stretches: null, begunAt: null }
    const now = Math.max(Date.now(), minute * MINUTE_MS)
    const stretches = stretchesOf(value.changes, { status, since }, { axis, now })
    const points = pointsOf(value.latency.steps, axis)
    return { axis, points, stretches, begunAt: begunAt(stretches, points, axis) }
  }, [value, range, to, minute, status, since])
  return { ...rest, ...shown }
}

const MINUTE_MS = 60_000

function begunAt(
  stretches: readonly Stretch[],
  points: readonly Point[],
  { from }: Axis,
): number | null {
  const first = Math.min(
    stretches[0]?.from ?? Number.POSITIVE_INFINITY,
    points[0]?.at ?? Number.POSITIVE_INFINITY,
  )
  return Number.isFinite(first) && first > from ? first : null
}

async function askPast(endpoint: string, range: Range, signal: AbortSignal): Promise<Answer<Past>> {
  const path = `api/v1/endpoints/${endpoint.split('/').map(encodeURIComponent).join('/')}`
  const { from, to } = axisOf(range, Date.now())
  const span = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`
  const [latency, changes] = await Promise.all([
    ask<Latency>(`${path}/latency?window=${range}&step=${RANGES[range].step}`, signal),
    askAll<Page<StatusChange>>(`${path}/timeline?${span}`, signal),
  ])
  if (latency.value === undefined) return latency
  if (changes.value === undefined) return changes
  return { value: { latency: latency.value, changes: changes.value.items } }
}
