import { budgetsOf, sharesOf } from '../app/budgets.ts'
import type { Config, Endpoint } from '../config/config.ts'
import { slowestOf } from '../schedule/least-time.ts'

/** What takes less is over before one wonders, ms. */
const WORTH_TELLING_MS = 10_000

/** How long checking these takes at least, and why, where budgets make it slow; else undefined. */
export function leastTime(config: Config, endpoints: readonly Endpoint[]): string | undefined {
  const budgets = budgetsOf(config.probing)
  const probed = endpoints.filter(({ notProbeable }) => notProbeable === undefined)
  const slowest = slowestOf(probed.map((endpoint) => sharesOf(endpoint, budgets)))
  if (slowest === undefined || slowest.ms < WORTH_TELLING_MS) return undefined
  const { of, name, probes, perMinute, ms } = slowest
  const why = `${probes} endpoints of ${of} ${name} are asked ${perMinute} a minute`
  return `this takes at least ${inWords(ms)}: ${why}`
}

/** `1 h 5 min`, `2 min 30 s`, `12 s`: the two largest units, not less than it is. */
export function inWords(ms: number): string {
  const all = Math.ceil(ms / 1_000)
  const seconds = all >= 3_600 ? Math.ceil(all / 60) * 60 : all
  const parts = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`)
  return said.join(' ') || '0 s'
}
