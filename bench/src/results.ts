import type { Machine } from './machine.ts'
import type { Figure, Readings, Scenario } from './scenario.ts'
import { type Spread, spread } from './statistics.ts'

/** A figure as it was measured. */
export type MeasuredFigure = Figure & Spread

/** Everything about one run of one scenario; what a file in `bench/results` holds. */
export type Result = {
  scenario: string
  sentence: string
  date: string
  /** How to measure it again. */
  command: string
  machine: Machine
  /** Versions of what was compared with. */
  beside: Readonly<Record<string, string>>
  /** How many clients, where it was not the scenario's own number. */
  clients?: number | undefined
  rounds: readonly Readings[]
  /** How many processes wanted a core before each round, as `/proc/loadavg` tells. */
  busyBefore: readonly number[]
  figures: readonly MeasuredFigure[]
}

/** What was known before the first round. */
export type Occasion = Pick<Result, 'date' | 'command' | 'machine' | 'clients'>

/** Puts the rounds of a scenario together: figures that no round could measure are left out. */
export function resultOf(
  { name, sentence, figures }: Scenario,
  measured: Pick<Result, 'rounds' | 'busyBefore' | 'beside'>,
  occasion: Occasion,
): Result {
  const put = figures.flatMap((figure) => {
    const over = spread(measured.rounds.map((round) => round[figure.name]))
    return over === undefined ? [] : [{ ...figure, ...over }]
  })
  return { scenario: name, sentence, ...occasion, ...measured, figures: put }
}

/** Whether a figure is as good as a bound, or undefined where there is none. */
export function meets({ better, median }: MeasuredFigure, bound: number | undefined) {
  if (bound === undefined || better === undefined) return undefined
  return better === 'less' ? median <= bound : median >= bound
}
