import type { IncidentRecord } from '../model.ts'

/** How often each code came. */
export type Counts = NonNullable<IncidentRecord['cause']['counts']>

/** Most codes that are counted of an incident; what comes later is not. */
const MAX_CODES = 8

/** Counts codes of bad results by incident. What is published of it lags behind, at most by half. */
export class Tally {
  readonly #counts = new Map<string, Map<string, number>>()

  /** Adds the codes of one bad result to what was counted, or published, before. */
  add(incident: IncidentRecord, codes: readonly string[]): void {
    const counts = this.#of(incident)
    for (const code of new Set(codes))
      if (counts.has(code) || counts.size < MAX_CODES) counts.set(code, (counts.get(code) ?? 0) + 1)
  }

  /** The incident with what was counted of it. */
  told(incident: IncidentRecord): IncidentRecord {
    const counts = this.#of(incident)
    if (counts.size === 0) return incident
    return { ...incident, cause: { ...incident.cause, counts: Object.fromEntries(counts) } }
  }

  forget(id: string): void {
    this.#counts.delete(id)
  }

  #of({ id, cause }: IncidentRecord): Map<string, number> {
    const known = this.#counts.get(id)
    if (known !== undefined) return known
    const counts = new Map(Object.entries(cause.counts ?? {}))
    this.#counts.set(id, counts)
    return counts
  }
}

/** Whether anything but counts differs, or a count has doubled: an outage is not told again with each failure of it. */
export function isNews(before: IncidentRecord | undefined, after: IncidentRecord): boolean {
  if (before === undefined || uncounted(before) !== uncounted(after)) return true
  const told = before.cause.counts ?? {}
  return Object.entries(after.cause.counts ?? {}).some(
    ([code, count]) => count >= 2 * (told[code] ?? 0) && count !== told[code],
  )
}

function uncounted(incident: IncidentRecord): string {
  return JSON.stringify({ ...incident, cause: { ...incident.cause, counts: undefined } })
}

/** The counts of several, the eight most frequent. */
export function summed(all: readonly Counts[]): Counts {
  const sums = new Map<string, number>()
  for (const counts of all)
    for (const [code, count] of Object.entries(counts))
      sums.set(code, (sums.get(code) ?? 0) + count)
  const top = [...sums].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MAX_CODES)
  return Object.fromEntries(top)
}

/** The one that comes most often; the first of those that come as often. */
export function most<T extends string>(all: readonly T[]): T | undefined {
  const counts = new Map<T, number>()
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0]
}
