/** Gives every endpoint of one payer its name: the configured one, else its type, else type and address. */
import { shortHash, slug } from '../lib/ids.ts'

/** What tells endpoints of one payer apart. */
export type Nameable = {
  /** The configured name. */
  name: string | undefined
  type: string
  /** Ever more of the request, the first being what may be shown of its address. */
  identities: readonly string[]
}

/**
 * Names in the order of `endpoints`, never by position: an endpoint keeps its name when others are moved. Two have the
 * same name only where they have the same configured one, or nothing tells them apart.
 */
export function namesOf(endpoints: readonly Nameable[]): string[] {
  const depth = Math.max(0, ...endpoints.map(({ identities }) => identities.length))
  const names: (string | undefined)[] = endpoints.map(({ name }) =>
    name === undefined ? undefined : slug(name),
  )
  const candidates = Array.from({ length: depth + 1 }, (_, level) =>
    endpoints.map((endpoint) => candidate(endpoint, level)),
  )
  for (const level of candidates) {
    const taken = countOf([
      ...names.filter((name) => name !== undefined),
      ...level.filter((_, i) => names[i] === undefined),
    ])
    level.forEach((name, i) => {
      if (names[i] === undefined && taken.get(name) === 1) names[i] = name
    })
  }
  return names.map((name, i) => name ?? candidates.at(-1)?.[i] ?? '')
}

/** The name at a level: 0 is the type alone, 1 adds the first identity, and so on. */
function candidate({ type, identities }: Nameable, level: number): string {
  if (level === 0) return slug(type)
  return `${slug(type)}-${shortHash(identities[Math.min(level, identities.length) - 1] ?? '')}`
}

function countOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
