/** The past of an endpoint in words: for those who listen, and for those who point at one moment of it. */
import { count, elapsed, latency, moment, percent, time } from './format.ts'
import type { Point } from './latency.ts'
import { RANGES, type Range } from './range.ts'
import { isWrong, wordOf } from './status.ts'
import { availabilityOf, type Stretch } from './timeline.ts'

/** The whole of it in a few sentences. */
export function historySummary(
  range: Range,
  points: readonly Point[],
  stretches: readonly Stretch[],
): string {
  const sentences = [
    latencySentence(points),
    availabilitySentence(stretches),
    wrongSentence(stretches),
  ]
  return `Last ${RANGES[range].words}: ${sentences.filter(Boolean).join(' ')}`
}

function latencySentence(points: readonly Point[]): string {
  const medians = points.flatMap(({ p50Ms }) => p50Ms ?? [])
  const results = points.reduce((sum, point) => sum + point.count, 0)
  if (results === 0) return 'no results.'
  const failed = points.reduce((sum, point) => sum + point.failures, 0)
  const outcome = `${count(results, 'result')}, ${failed === 0 ? 'none' : failed.toLocaleString('en-US')} failed.`
  if (medians.length === 0) return outcome
  const [low, high] = [Math.min(...medians), Math.max(...medians)].map(latency)
  const slowest = Math.max(...points.map(({ p99Ms }) => p99Ms ?? 0))
  const median = low === high ? low : `${low} to ${high}`
  return `${outcome} Median ${median}, the slowest percent up to ${latency(slowest)}.`
}

function availabilitySentence(stretches: readonly Stretch[]): string {
  const share = availabilityOf(stretches)
  if (share === null) return 'Not enough data for an availability.'
  const net =
    share.net === null || share.net === share.all
      ? ''
      : `, ${percent(share.net)} without announced maintenance`
  return `Availability ${percent(share.all)}${net}.`
}

function wrongSentence(stretches: readonly Stretch[]): string {
  const wrong = stretches.filter(({ status }) => isWrong(status))
  if (wrong.length === 0) return ''
  const longest = Math.max(...wrong.map(({ from, to }) => to - from))
  return `Not operational ${wrong.length === 1 ? 'once' : `${wrong.length} times`}, the longest for ${elapsed(longest)}.`
}

/** What it was at a moment, from when to when. */
export function stretchText({ from, to, status, planned }: Stretch, now: number): string {
  const end = to >= now - 60_000 ? 'now' : moment(to, now)
  return `${wordOf(status)}${planned ? ', planned' : ''}, ${moment(from, now)} to ${end}`
}

/** The figures of one step. */
export function pointText({ p50Ms, p90Ms, p99Ms, count: results, failures }: Point): string {
  const figures =
    p50Ms === null
      ? 'nothing answered'
      : `median ${latency(p50Ms)}, p90 ${latency(p90Ms ?? p50Ms)}, p99 ${latency(p99Ms ?? p50Ms)}`
  const outcome =
    failures === 0 ? count(results, 'result') : `${failures} of ${count(results, 'result')} failed`
  return `${figures}, ${outcome}`
}

/** When a step was. */
export function stepText(at: number, stepMs: number, now: number): string {
  return `${moment(at, now)} to ${time(at + stepMs)}`
}
