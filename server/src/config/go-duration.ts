/** Durations as the original service's files write them: Go's. */
const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
}
const GO_DURATION = /^\+?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/

/** Milliseconds of a duration as Go writes it, such as `1h30m`. Source: Go's time.ParseDuration. */
export function goDurationMs(text: string): number | undefined {
  if (text === '0') return 0
  if (text.length > 64 || !GO_DURATION.test(text)) return undefined
  let total = 0
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g))
    total += Number(amount) * (UNIT_MS[unit] ?? 0)
  return Math.round(total)
}
