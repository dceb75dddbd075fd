import type { State } from '@payer-status/client'
import type { Store } from '../store.ts'
import { isWaiting, type Row, rowOf } from './row.ts'
import { STATUSES, type Status } from './status.ts'

/** The whole in a few numbers. */
export type Summary = {
  readonly counts: Readonly<Record<Status, number>>
  readonly payers: number
  readonly endpoints: number
  /** How far the first round is, while it runs. */
  readonly firstRound: { readonly tried: number; readonly of: number } | null
  /** Places from which nothing answers. */
  readonly offline: readonly string[]
  /** When the latest result came, epoch ms. */
  readonly latestAt: number | null
}

type Tally = Pick<Summary, 'counts' | 'offline'> & {
  endpoints: number
  waiting: number
  latest: number
}

const tallies = new WeakMap<Row, Tally>()

/** Counts what there is. A payer is counted anew only when something of it has changed. */
export function summaryOf(store: Store): Summary {
  const all = [...store.entries.values()].map((entry) => tallyOf(rowOf(entry)))
  const sum = (number: (tally: Tally) => number) =>
    all.reduce((total, tally) => total + number(tally), 0)
  const endpoints = sum((tally) => tally.endpoints)
  const waiting = sum((tally) => tally.waiting)
  const latest = Math.max(0, ...all.map((tally) => tally.latest))
  return {
    counts: {
      operational: sum(({ counts }) => counts.operational),
      degraded: sum(({ counts }) => counts.degraded),
      down: sum(({ counts }) => counts.down),
      maintenance: sum(({ counts }) => counts.maintenance),
      unknown: sum(({ counts }) => counts.unknown),
    },
    payers: all.length,
    endpoints,
    firstRound: waiting > 0 ? { tried: endpoints - waiting, of: endpoints } : null,
    offline: [...new Set(all.flatMap(({ offline }) => offline))].sort(),
    latestAt: latest === 0 ? null : latest,
  }
}

function tallyOf(row: Row): Tally {
  const known = tallies.get(row) ?? newTally(row.endpoints)
  tallies.set(row, known)
  return known
}

function newTally(states: readonly State[]): Tally {
  const counts = { operational: 0, degraded: 0, down: 0, maintenance: 0, unknown: 0 }
  for (const { status } of states) counts[STATUSES.includes(status) ? status : 'unknown']++
  const offline = states.filter(({ reason }) => reason?.kind === 'vantage_offline')
  return {
    counts,
    endpoints: states.length,
    waiting: states.filter(isWaiting).length,
    offline: [...new Set(offline.map(({ vantage }) => vantage))],
    latest: Math.max(
      0,
      ...states.map(({ result }) => (result === null ? 0 : Date.parse(result.at))),
    ),
  }
}
