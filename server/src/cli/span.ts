import { InvalidArgumentError } from 'commander'

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }
const DURATION = /^[1-9]\d{0,5}[mhd]$/
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/

/** A duration such as `5m`, `1h` or `30d`, ms. */
export function durationOf(text: string): number {
  if (!DURATION.test(text))
    throw new InvalidArgumentError('Expected a duration such as 5m, 1h or 30d.')
  return Number(text.slice(0, -1)) * (UNITS_MS[text.slice(-1)] ?? 0)
}

/** A moment, epoch ms: a date (UTC), an RFC 3339 time, or how long before `now`. */
export function momentOf(text: string, now: number): number {
  if (DURATION.test(text)) return now - durationOf(text)
  const at = TIME.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at) || at < 0)
    throw new InvalidArgumentError(
      'Expected a date or time such as 2026-11-01 or 2026-11-01T12:00:00Z, or how long ago, such as 7d.',
    )
  return at
}
