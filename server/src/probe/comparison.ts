/** Whether a value is as configured, and how that is said. */
import type { Expect, JsonComparison, JsonScalar } from '../config/config.ts'
import { isFound } from '../lib/pattern.ts'

/** Longest piece of configured text in a message. */
const MAX_QUOTED = 80

/** How expected texts are shown. */
export type Shown = Expect['shown']

type Wanted = { [K in keyof JsonComparison]-?: Exclude<JsonComparison[K], undefined> }

type Test<T> = { holds(seen: unknown, wanted: T): boolean; says(wanted: T, shown: Shown): string }

/** In the order in which they are told. What is not there meets nothing but `exists: false`. */
const TESTS: { [K in keyof Wanted]: Test<Wanted[K]> } = {
  exists: {
    holds: (seen, wanted) => (seen !== undefined) === wanted,
    says: (wanted) => (wanted ? 'to exist' : 'not to exist'),
  },
  eq: {
    holds: (seen, wanted) => seen === wanted,
    says: (wanted, shown) => `to be ${quoted(wanted, shown)}`,
  },
  ne: {
    holds: (seen, wanted) => seen !== undefined && seen !== wanted,
    says: (wanted, shown) => `to be other than ${quoted(wanted, shown)}`,
  },
  gt: {
    holds: (seen, than) => number(seen) > than,
    says: (than, shown) => `to be over ${quoted(than, shown)}`,
  },
  gte: {
    holds: (seen, than) => number(seen) >= than,
    says: (than, shown) => `to be at least ${quoted(than, shown)}`,
  },
  lt: {
    holds: (seen, than) => number(seen) < than,
    says: (than, shown) => `to be under ${quoted(than, shown)}`,
  },
  lte: {
    holds: (seen, than) => number(seen) <= than,
    says: (than, shown) => `to be at most ${quoted(than, shown)}`,
  },
  matches: {
    holds: (seen, pattern) => typeof seen === 'string' && isFound(pattern, seen),
    says: (pattern, shown) => `to match ${quoted(pattern, shown)}`,
  },
}

/** What no number compares with, where there is none. */
function number(seen: unknown): number {
  return typeof seen === 'number' ? seen : Number.NaN
}

/** A plain value as the comparison it stands for. */
export function comparisonOf<T extends object>(is: JsonScalar | T): T | { eq: JsonScalar } {
  return typeof is === 'object' && is !== null ? is : { eq: is }
}

/**
 * What should have been, in words; undefined when all holds. Of several values one must be right, and none may be what
 * is ruled out.
 */
export function unmetComparison(
  { ne, ...positive }: JsonComparison,
  seen: readonly unknown[],
  shown: Shown,
): string | undefined {
  const values = seen.length === 0 ? [undefined] : seen
  const unmet = values.map((value) => firstUnmet(positive, value, shown))
  if (!unmet.includes(undefined)) return unmet[0]
  return values.map((value) => firstUnmet({ ne }, value, shown)).find((said) => said !== undefined)
}

function firstUnmet(comparison: JsonComparison, seen: unknown, shown: Shown): string | undefined {
  for (const name of Object.keys(TESTS) as (keyof Wanted)[]) {
    const said = unmetTest(name, comparison[name], { seen, shown })
    if (said !== undefined) return said
  }
  return undefined
}

function unmetTest<K extends keyof Wanted>(
  name: K,
  wanted: JsonComparison[K],
  { seen, shown }: { seen: unknown; shown: Shown },
): string | undefined {
  if (wanted === undefined) return undefined
  const test: Test<Wanted[K]> = TESTS[name]
  const given = wanted as Wanted[K] // safe: absence was looked at
  return test.holds(seen, given) ? undefined : test.says(given, shown)
}

/** A configured value as a message may show it: what was filled into it is a secret. */
export function quoted(value: JsonScalar, shown: Shown = {}): string {
  const text = String(value)
  const words = clipped(Object.hasOwn(shown, text) ? (shown[text] ?? '') : text)
  return typeof value === 'string' ? JSON.stringify(words) : words
}

/** As much of a configured text as a message shows. */
export function clipped(text: string): string {
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text
}
