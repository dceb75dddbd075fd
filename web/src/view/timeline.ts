/** What an endpoint was, and for how long: stretches of one status on an axis of time. */
import type { State } from '@payer-status/client'
import type { StatusChange } from '../history/shapes.ts'
import { type Axis, xOf } from './range.ts'
import { rankOf, type Status } from './status.ts'

/** A stretch of one status, epoch ms. `planned`: within an announced window. */
export type Stretch = {
  readonly from: number
  readonly to: number
  readonly status: Status
  readonly planned: boolean
}

/** A part of the drawn strip, px. */
export type Run = { readonly x: number; readonly width: number; readonly status: Status }

type Shown = { readonly axis: Axis; readonly now: number }

/**
 * The stretches within an axis, oldest first, up to now. The rows may be older than the state that came over the feed,
 * which then has the last word.
 */
export function stretchesOf(
  rows: readonly StatusChange[],
  live: Pick<State, 'status' | 'since'> | undefined,
  { axis, now }: Shown,
): Stretch[] {
  const known = rows.map(({ at, ...row }) => ({ ...row, at: Date.parse(at) }))
  known.sort((a, b) => a.at - b.at)
  const last = known.at(-1)
  const since = live === undefined ? 0 : Date.parse(live.since)
  if (live !== undefined && last !== undefined && last.status !== live.status && since > last.at)
    known.push({ status: live.status, planned: false, at: since })
  const end = Math.min(now, axis.to)
  return known
    .map(({ at, status, planned }, i) => ({
      from: Math.max(at, axis.from),
      to: Math.min(known[i + 1]?.at ?? end, end),
      status,
      planned,
    }))
    .filter(({ from, to }) => to > from)
}

/** No stretch is drawn narrower than this, px: what was short must still be seen. */
const NARROWEST = 2

/** The strip as it is drawn: of what falls on the same pixel the worst. */
export function runsOf(stretches: readonly Stretch[], axis: Axis, width: number): Run[] {
  const pixels = Math.max(1, Math.round(width))
  const column = new Array<Status | undefined>(pixels)
  for (const { from, to, status } of stretches) {
    const start = Math.min(Math.floor(xOf(from, axis, pixels)), pixels - NARROWEST)
    const end = Math.min(Math.max(Math.ceil(xOf(to, axis, pixels)), start + NARROWEST), pixels)
    for (let x = Math.max(0, start); x < end; x++) column[x] = worse(column[x], status)
  }
  const runs: { x: number; width: number; status: Status }[] = []
  for (const [x, status] of column.entries()) {
    const last = runs.at(-1)
    if (status === undefined) continue
    if (last?.status === status && last.x + last.width === x) last.width++
    else runs.push({ x, width: 1, status })
  }
  return runs
}

function worse(a: Status | undefined, b: Status): Status {
  return a === undefined || rankOf(b) < rankOf(a) ? b : a
}

/** The share of the time that must have been observed (docs/protocol.md, uptime). */
const ENOUGH = 0.9

/** How much of the observed time an endpoint could be used, 0 to 1. */
export type Availability = {
  readonly all: number
  /** Without announced downtime; null where all of the time was announced downtime. */
  readonly net: number | null
}

/** Null where less than nine tenths of the time since the history began was observed. */
export function availabilityOf(stretches: readonly Stretch[]): Availability | null {
  const sum = (wants: (one: Stretch) => boolean) =>
    stretches.filter(wants).reduce((total, { from, to }) => total + to - from, 0)
  const observed = sum(({ status }) => status !== 'unknown')
  if (observed === 0 || observed / sum(() => true) < ENOUGH) return null
  const out = sum(isOut)
  const planned = sum((one) => one.planned && isOut(one))
  return {
    all: 1 - out / observed,
    net: observed === planned ? null : 1 - (out - planned) / (observed - planned),
  }
}

function isOut({ status }: Stretch): boolean {
  return status === 'down' || status === 'maintenance'
}

/** The stretch that holds at a time. */
export function stretchAt(stretches: readonly Stretch[], at: number): Stretch | undefined {
  return stretches.find(({ from, to }) => from <= at && at < to)
}
