/** The latency of one endpoint as lines and areas on an axis of time. */
import type { LatencyStep } from '../history/shapes.ts'
import { type Axis, xOf } from './range.ts'

/** A step with its time as a number, epoch ms. */
export type Point = Omit<LatencyStep, 'at'> & { readonly at: number }

/** What is drawn, as SVG path data in px. */
export type Curves = {
  /** The median. */
  readonly line: string
  /** From the 90th to the 99th percentile. */
  readonly band: string
  /** Steps in which a result failed. */
  readonly failures: string
}

/** The scale of the latency: from 0 to `top` ms, with a label at each tick. */
export type Scale = { readonly top: number; readonly ticks: readonly number[] }

/** The points within an axis, oldest first. */
export function pointsOf(items: readonly LatencyStep[], { from, to }: Axis): Point[] {
  return items
    .map((item) => ({ ...item, at: Date.parse(item.at) }))
    .filter(({ at }) => at >= from && at < to)
    .sort((a, b) => a.at - b.at)
}

/** Most labels above zero. */
const MOST_TICKS = 4
const SMALLEST_TOP_MS = 10

/** A round scale that holds every point. */
export function scaleOf(points: readonly Point[]): Scale {
  const highest = points.reduce(
    (max, { p99Ms, p50Ms }) => Math.max(max, p99Ms ?? 0, p50Ms ?? 0),
    SMALLEST_TOP_MS,
  )
  const size = 10 ** Math.floor(Math.log10(highest / MOST_TICKS))
  const step = [1, 2, 5, 10].map((n) => n * size).find((one) => highest / one <= MOST_TICKS)
  const each = step ?? highest
  const count = Math.ceil(highest / each)
  return { top: count * each, ticks: Array.from({ length: count + 1 }, (_, i) => i * each) }
}

type Box = { readonly axis: Axis; readonly width: number; readonly height: number }

/** Draws the points; where a step is missing or nothing answered, the line has a gap. */
export function curvesOf(points: readonly Point[], top: number, box: Box): Curves {
  const { axis, width, height } = box
  const x = (at: number) => round(xOf(at + axis.stepMs / 2, axis, width))
  const y = (ms: number) => round(height - (ms / top) * height)
  const runs = runsOf(points, axis.stepMs)
  const line = runs.map((run) => polyline(run.map(({ at, p50Ms }) => [x(at), y(p50Ms ?? 0)])))
  const band = runs.map((run) => {
    const upper = run.map(({ at, p99Ms, p50Ms }) => [x(at), y(p99Ms ?? p50Ms ?? 0)] as const)
    const lower = run.map(({ at, p90Ms, p50Ms }) => [x(at), y(p90Ms ?? p50Ms ?? 0)] as const)
    return `${polyline([...upper, ...lower.reverse()])}Z`
  })
  const failed = points.filter(({ failures }) => failures > 0)
  return {
    line: line.join(''),
    band: band.join(''),
    failures: failed.map(({ at }) => `M${x(at)} ${height}l3 -7h-6Z`).join(''),
  }
}

/** Points that follow each other without a gap and have an answer. */
function runsOf(points: readonly Point[], stepMs: number): Point[][] {
  const runs: Point[][] = []
  let last: Point | undefined
  for (const point of points) {
    if (point.p50Ms === null) last = undefined
    else {
      const run = last !== undefined && point.at - last.at <= stepMs ? runs.at(-1) : undefined
      if (run === undefined) runs.push([point])
      else run.push(point)
      last = point
    }
  }
  return runs
}

/** A single point is a line of no length, which a round cap shows as a dot. */
function polyline(corners: readonly (readonly [number, number])[]): string {
  const [first] = corners
  const all = corners.length === 1 && first !== undefined ? [first, first] : corners
  return all.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('')
}

function round(px: number): number {
  return Math.round(px * 10) / 10
}
