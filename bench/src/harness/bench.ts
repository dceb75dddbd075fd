import type { Programs } from './build.ts'

/** Which cores who runs on. */
export type Pins = { server: number; load: number }

/** What a scenario has to work with. */
export type Bench = {
  /** Asked for on the command line; a scenario has its own number otherwise. */
  clients: number | undefined
  /** How long one measurement lasts. */
  seconds: number
  /** Undefined: nothing is bound to a core. */
  pins: Pins | undefined
  /** Only a look at whether everything works: few of everything. */
  isSmoke: boolean
  programs: Programs
  /** For files that are gone afterwards. */
  folder: string
  /** The checkout whose monitor is measured. */
  checkout: string
  /** Says what goes on. */
  say(text: string): void
}

/** How many clients: what was asked for, else the scenario's own number. */
export function clientsOf(bench: Bench, usual: number): number {
  return bench.clients ?? (bench.isSmoke ? Math.min(usual, 40) : usual)
}

/** As many as the scenario wants, or few in a smoke run. */
export function fewer(bench: Bench, usual: number, smoke: number): number {
  return bench.isSmoke ? Math.min(usual, smoke) : usual
}
