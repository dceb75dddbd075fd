import type { State } from '@payer-status/client'
import { useRef, useState } from 'preact/hooks'
import { type History, useHistory } from '../hooks/use-history.ts'
import { useWidth } from '../hooks/use-width.ts'
import { moment } from '../view/format.ts'
import { historySummary } from '../view/history-words.ts'
import { RANGE_NAMES, RANGES, type Range } from '../view/range.ts'
import { ChartDrawing, PLOT_LEFT, PLOT_RIGHT } from './chart-drawing.tsx'
import { ChartReader, useReading } from './chart-reader.tsx'
import { ChartTable } from './chart-table.tsx'
import { Legend } from './legend.tsx'
import { HistoryTrouble } from './notes.tsx'

type Props = { state: State; range: Range; onRange(range: Range): void }

/** The status and the latency of one endpoint over time, on one axis. */
export function HistoryChart({ state, range, onRange }: Props) {
  const history = useHistory(state, range)
  const { points, stretches, trouble, isAsking, again } = history
  const isThere = points !== null && stretches !== null
  return (
    <section class="history" aria-labelledby="history">
      <div class="head">
        <h2 id="history">Status and latency</h2>
        <RangeSwitch range={range} onRange={onRange} />
      </div>
      <div class="panel" aria-busy={isAsking && !isThere}>
        <Chart history={history} />
        <div class="about">
          {trouble !== null && <HistoryTrouble trouble={trouble} onAgain={again} />}
          {isThere && <p>{historySummary(range, points, stretches)}</p>}
          <Begun history={history} />
          {isThere && <ChartTable points={points} stretches={stretches} />}
        </div>
      </div>
    </section>
  )
}

/** Drawn before anything has come too, so that nothing moves when it does. */
function Chart({ history }: { history: History }) {
  const frame = useRef<HTMLDivElement>(null)
  const width = Math.max(0, useWidth(frame) - PLOT_LEFT - PLOT_RIGHT)
  const [cursor, setCursor] = useState<number | null>(null)
  const reading = useReading(history, cursor)
  return (
    <figure class="chart">
      <ChartReader history={history} reading={reading} width={width} onCursor={setCursor}>
        <div ref={frame} class="frame">
          {width > 0 && (
            <ChartDrawing
              history={history}
              width={width}
              cursor={cursor === null ? null : reading.at}
            />
          )}
        </div>
      </ChartReader>
      <figcaption>
        <p class="readout" aria-hidden="true">
          <b>{reading.when}</b>
          <span>{reading.status}</span>
          <span>{reading.figures}</span>
        </p>
        <Legend stretches={history.stretches ?? []} />
      </figcaption>
    </figure>
  )
}

function Begun({ history: { begunAt, points, stretches } }: { history: History }) {
  if (points?.length === 0 && stretches?.length === 0)
    return <p>History begins with the next result.</p>
  return begunAt === null ? null : <p>{`History begins ${moment(begunAt, Date.now())}.`}</p>
}

function RangeSwitch({ range, onRange }: Omit<Props, 'state'>) {
  return (
    <fieldset class="switch" aria-label="How far back">
      {RANGE_NAMES.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === range}
          onClick={() => onRange(name)}
        >
          {RANGES[name].label}
        </button>
      ))}
    </fieldset>
  )
}
