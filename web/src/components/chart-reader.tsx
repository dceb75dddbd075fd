import type { ComponentChildren } from 'preact'
import type { History } from '../hooks/use-history.ts'
import { pointText, stepText, stretchText } from '../view/history-words.ts'
import type { Axis } from '../view/range.ts'
import { stretchAt } from '../view/timeline.ts'
import { PLOT_LEFT } from './chart-drawing.tsx'

/** What there is to say of one step. */
export type Reading = {
  /** When the step begins, epoch ms. */
  readonly at: number
  readonly when: string
  readonly status: string
  readonly figures: string
}

/** Reads the step under the cursor; without one the latest that has something to say. */
export function useReading({ axis, points, stretches }: History, cursor: number | null): Reading {
  const latest = Math.max(points?.at(-1)?.at ?? 0, axis.from)
  const at = stepOf(cursor ?? latest, axis)
  if (points === null || stretches === null)
    return { at, when: '', status: 'Asking for the history.', figures: '' }
  const point = points.find((one) => one.at >= at && one.at < at + axis.stepMs)
  // Of a step in which the status changed, the status at its end.
  const stretch = stretchAt(stretches, Math.min(at + axis.stepMs, stretches.at(-1)?.to ?? 0) - 1)
  const now = Date.now()
  return {
    at,
    when: stepText(at, axis.stepMs, now),
    status: stretch === undefined || stretch.to <= at ? 'no history' : stretchText(stretch, now),
    figures: point === undefined ? 'no results' : pointText(point),
  }
}

function stepOf(at: number, { from, to, stepMs }: Axis): number {
  const step = Math.floor((at - from) / stepMs)
  const last = Math.round((to - from) / stepMs) - 1
  return from + Math.min(Math.max(step, 0), last) * stepMs
}

type Props = {
  history: History
  reading: Reading
  width: number
  onCursor(at: number | null): void
  children: ComponentChildren
}

/** Moves through the time of a chart, with a pointer or with the keys of a slider. */
export function ChartReader({ history, reading, width, onCursor, children }: Props) {
  const { axis } = history
  const onKeyDown = (event: KeyboardEvent) => {
    const at = moved(event.key, reading.at, history)
    if (at === undefined) return
    event.preventDefault()
    onCursor(at)
  }
  const onPointer = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - PLOT_LEFT
    onCursor(axis.from + Math.min(Math.max(x / width, 0), 1) * (axis.to - axis.from))
  }
  return (
    <div
      class="reader"
      role="slider"
      tabIndex={0}
      aria-label="Time"
      aria-valuemin={0}
      aria-valuemax={Math.round((axis.to - axis.from) / axis.stepMs) - 1}
      aria-valuenow={Math.round((reading.at - axis.from) / axis.stepMs)}
      aria-valuetext={[reading.when, reading.status, reading.figures].filter(Boolean).join(': ')}
      onKeyDown={onKeyDown}
      onPointerMove={onPointer}
      onPointerDown={onPointer}
      onPointerLeave={() => onCursor(null)}
      onBlur={() => onCursor(null)}
    >
      {children}
    </div>
  )
}

/** Arrows go by steps, Page Up and Page Down from one status to the next. */
function moved(key: string, at: number, { axis, stretches }: History): number | undefined {
  const { from, to, stepMs } = axis
  const within = (time: number) => Math.min(Math.max(time, from), to - stepMs)
  const starts = (stretches ?? []).map((one) => stepOf(one.from, axis))
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return within(at - stepMs)
    case 'ArrowRight':
    case 'ArrowUp':
      return within(at + stepMs)
    case 'PageUp':
      return starts.find((start) => start > at) ?? to - stepMs
    case 'PageDown':
      return starts.findLast((start) => start < at) ?? from
    case 'Home':
      return from
    case 'End':
      return to - stepMs
    default:
      return undefined
  }
}
