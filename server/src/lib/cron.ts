/** The one file that knows the cron library. */
import { Cron as Pattern } from 'croner'

/** Times of a clock on the wall, in five fields, or in six of which the first are seconds. */
export type Cron = { expression: string; timeZone: string }

/** `?` would stand for the time at which the expression was read, and `@` begins names that are not fields. */
const FIELDS = /^[\dA-Za-z*,/#+-]+(?: +[\dA-Za-z*,/#+-]+){4,5}$/

/** Why it is no cron expression that ever fires; undefined when it is one. */
export function cronMistake(expression: string): string | undefined {
  if (expression.length > 200 || !FIELDS.test(expression)) return A_CRON
  try {
    const first = patternOf({ expression, timeZone: 'UTC' }).nextRun(new Date(0))
    return first === null ? 'a cron expression of a time that comes' : undefined
  } catch {
    return A_CRON
  }
}

const A_CRON = 'a cron expression such as "*/15 8-18 * * 1-5"'

/**
 * The first time at which it fires after `after`; both epoch ms. A time of day that the change to summer time leaves out
 * is made up for right after it, one that comes twice fires once; expressions of many hours fire as the wall shows them.
 * @throws {Error} when it is no cron expression
 */
export function cronFirings(cron: Cron): (after: number) => number {
  const pattern = patternOf(cron)
  let asked = 0
  let answer = 0
  return (after) => {
    if (after >= asked && after < answer) return answer
    const next = pattern.nextRun(new Date(after))?.getTime() ?? Number.POSITIVE_INFINITY
    asked = after
    answer = next
    return next
  }
}

/** Least time between any of its next firings, ms. What fires more than once a minute does so in every minute it fires in. */
export function cronGap(cron: Cron): number {
  const firings = cronFirings(cron)
  const first = firings(A_MONDAY)
  const second = firings(first)
  const third = firings(second)
  return Math.min(second - first, third - second)
}

/** Any will do, as long as it is always the same. */
const A_MONDAY = Date.UTC(2026, 0, 5)

function patternOf({ expression, timeZone }: Cron): Pattern {
  return new Pattern(expression, { mode: '5-or-6-parts', timezone: timeZone, paused: true })
}
