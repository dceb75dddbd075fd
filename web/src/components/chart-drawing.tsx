import { useMemo } from 'preact/hooks'
import type { History } from '../hooks/use-history.ts'
import { dayMonth, latency, time } from '../view/format.ts'
import { curvesOf, scaleOf } from '../view/latency.ts'
import { type Axis, timeTicks, xOf } from '../view/range.ts'
import type { Status } from '../view/status.ts'
import { runsOf } from '../view/timeline.ts'

/** Room for the labels beside the plot, px. */
export const PLOT_LEFT = 60
export const PLOT_RIGHT = 16

/** From above: the strip of statuses, a gap, the latency, the labels of the time. */
const TOP = 12
const STRIP = 20
const PLOT_TOP = TOP + STRIP + 20
const PLOT = 180
const HEIGHT = PLOT_TOP + PLOT + 28
/** Room that the label of a time takes, px. */
const LABEL = 72
const DAY_MS = 86_400_000

type Props = {
  history: History
  /** Of the plot, px. */
  width: number
  /** The step to point at, epoch ms. */
  cursor: number | null
}

/** The strip of statuses above the curves of the latency. Read out in words elsewhere. */
export function ChartDrawing({ history, width, cursor }: Props) {
  const { axis, points, stretches } = history
  const scale = useMemo(() => scaleOf(points ?? []), [points])
  const full = width + PLOT_LEFT + PLOT_RIGHT
  return (
    <svg
      class="drawing"
      width={full}
      height={HEIGHT}
      viewBox={`0 0 ${full} ${HEIGHT}`}
      aria-hidden="true"
    >
      <Patterns />
      <g transform={`translate(${PLOT_LEFT} 0)`}>
        <TimeLabels axis={axis} width={width} />
        <g transform={`translate(0 ${PLOT_TOP})`}>
          {scale.ticks.map((ms) => (
            <g key={ms} transform={`translate(0 ${PLOT - (ms / scale.top) * PLOT})`}>
              <path class={ms === 0 ? 'base' : 'grid'} d={`M0 0H${width}`} />
              <text x="-10" y="4" text-anchor="end">
                {latency(ms)}
              </text>
            </g>
          ))}
          {points !== null && <CurvesView history={history} top={scale.top} width={width} />}
        </g>
        <text x="-10" y={TOP + 14} text-anchor="end">
          Status
        </text>
        {stretches !== null && <StatusStrip history={history} width={width} />}
        {cursor !== null && (
          <path
            class="cursor"
            d={`M${xOf(cursor + axis.stepMs / 2, axis, width)} ${TOP - 6}V${PLOT_TOP + PLOT}`}
          />
        )}
      </g>
    </svg>
  )
}

function TimeLabels({ axis, width }: { axis: Axis; width: number }) {
  const isDay = axis.to - axis.from <= DAY_MS
  return (
    <>
      {timeTicks(axis, Math.floor(width / LABEL)).map((at) => (
        <g key={at} transform={`translate(${xOf(at, axis, width)} 0)`}>
          <path class="grid" d={`M0 ${TOP + STRIP}V${PLOT_TOP + PLOT + 4}`} />
          <text y={PLOT_TOP + PLOT + 20} text-anchor="middle">
            {isDay ? time(at) : dayMonth(at)}
          </text>
        </g>
      ))}
    </>
  )
}

type CurvesProps = { history: History; top: number; width: number }

function CurvesView({ history: { axis, points }, top, width }: CurvesProps) {
  const { line, band, failures } = useMemo(
    () => curvesOf(points ?? [], top, { axis, width, height: PLOT }),
    [axis, points, top, width],
  )
  return (
    <>
      <path class="band" d={band} />
      <path class="line" d={line} />
      <path class="failures" d={failures} />
    </>
  )
}

/** How high each status stands, px, and what fills it: told apart without colour too. */
export const STRIP_LOOKS: Readonly<Record<Status, { height: number; fill: string }>> = {
  down: { height: 20, fill: 'currentColor' },
  degraded: { height: 15, fill: 'url(#dots)' },
  maintenance: { height: 15, fill: 'url(#stripes)' },
  operational: { height: 8, fill: 'currentColor' },
  unknown: { height: 3, fill: 'url(#dashes)' },
}

/** Nothing of a pattern can be seen in what is narrower than this, px. */
const NARROW = 6

function StatusStrip({
  history: { axis, stretches },
  width,
}: Pick<CurvesProps, 'history' | 'width'>) {
  const runs = useMemo(() => runsOf(stretches ?? [], axis, width), [axis, stretches, width])
  return (
    <g transform={`translate(0 ${TOP})`}>
      {runs.map(({ x, width: long, status }) => {
        const { height, fill } = STRIP_LOOKS[status]
        return (
          <rect
            key={x}
            class={`stretch ${status}`}
            x={x}
            y={STRIP - height}
            width={long}
            height={height}
            fill={long < NARROW ? 'currentColor' : fill}
          />
        )
      })}
    </g>
  )
}

/** Fills that have a form as well as a colour, which is that of what they fill. */
function Patterns() {
  return (
    <defs>
      <pattern id="dots" class="degraded" width="5" height="5" patternUnits="userSpaceOnUse">
        <rect class="back" width="5" height="5" />
        <path d="M2.5 .4 4.8 4.6H.2Z" />
      </pattern>
      <pattern id="stripes" class="maintenance" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect class="back" width="6" height="6" />
        <path d="M0 6 6 0H3L0 3ZM6 6V3L3 6Z" />
      </pattern>
      <pattern id="dashes" class="unknown" width="6" height="20" patternUnits="userSpaceOnUse">
        <path d="M0 0H4V20H0Z" />
      </pattern>
    </defs>
  )
}
