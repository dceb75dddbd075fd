/** Finds who may want to hear of a change without asking everybody: by the names that their filters give. */
import type { Filterable, FullClause, ResolvedFilter } from '@payer-status/protocol'

/** Those with a filter, by what it names. */
export class Interests<T> {
  /** Those who want everything, or of whom it cannot be told beforehand. */
  readonly #always = new Set<T>()
  readonly #named = new Map<string, Set<T>>()

  add(filter: ResolvedFilter, one: T): void {
    if (filter.clauses === undefined) this.#always.add(one)
    for (const name of namesIn(filter)) {
      const those = this.#named.get(name) ?? new Set<T>()
      this.#named.set(name, those.add(one))
    }
  }

  delete(filter: ResolvedFilter, one: T): void {
    this.#always.delete(one)
    for (const name of namesIn(filter)) {
      const those = this.#named.get(name)
      those?.delete(one)
      if (those?.size === 0) this.#named.delete(name)
    }
  }

  /** Everybody whose filter matches one of the subjects, and perhaps some whose does not. */
  in(subjects: readonly Filterable[]): Set<T> {
    const found = new Set(this.#always)
    if (this.#named.size === 0) return found
    for (const subject of subjects)
      for (const name of namesOf(subject))
        for (const one of this.#named.get(name) ?? []) found.add(one)
    return found
  }
}

function namesIn({ clauses = [] }: ResolvedFilter): string[] {
  return clauses.flatMap(narrowest)
}

/** The names of the list that few records match; the other lists only narrow it further. */
function narrowest({ endpoints, payers, types }: FullClause): string[] {
  if (endpoints.length > 0) return endpoints.map((name) => `endpoint ${name}`)
  if (payers.length > 0) return payers.map((name) => `payer ${name}`)
  return types.map((name) => `type ${name}`)
}

function namesOf({ endpoint, payer, type, capability }: Filterable): string[] {
  const names = [`endpoint ${endpoint}`, `payer ${payer}`, `type ${type.toLowerCase()}`]
  return capability === null ? names : [...names, `type ${capability}`]
}
