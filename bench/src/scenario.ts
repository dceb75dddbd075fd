import type { Bench } from './harness/bench.ts'

/** A figure of a scenario, and what we want of it. */
export type Figure = {
  name: string
  /** `×` for a ratio, `''` for a count. */
  unit: string
  /** Which way is better; undefined where it only tells how the measurement went. */
  better?: 'less' | 'more'
  /** What it must reach, and what we would like. */
  least?: number
  aim?: number
}

/** A bar chart of some figures of a scenario. The first bar is ours, and others that say so. */
export type Chart = {
  title: string
  unit: string
  bars: readonly { label: string; figure: string; isOurs?: boolean }[]
}

/** What one round measured: each figure's value by name. */
export type Readings = Readonly<Record<string, number>>

/** Something that is measured. */
export type Scenario = {
  name: string
  /** What is measured, against what, in one sentence. */
  sentence: string
  figures: readonly Figure[]
  charts?: readonly Chart[]
  /** Why it cannot run here, as a sentence; undefined when it can. */
  missing?: (bench: Bench) => Promise<string | undefined>
  /** Versions of what it is compared with. */
  versions?: () => Promise<Readonly<Record<string, string>>>
  /** Measures once: ours, and what it is compared with, in the same round. */
  round: (bench: Bench) => Promise<Readings>
}
