import {
  Capability,
  type Clause,
  type Filter,
  type ResolvedFilter,
  resolved,
} from '@payer-status/protocol'
import { type Clock, systemClock } from '../lib/clock.ts'
import { MOST_SLIPS, nearMatches } from '../lib/ids.ts'
import { TokenBucket } from '../lib/token-bucket.ts'
import type { Board } from './board.ts'
import type { BoardEntry } from './entry.ts'

type List = 'payers' | 'types' | 'endpoints'

/**
 * A name in a filter that nothing on the board has; for the first, `near` lists the closest that something has.
 * `clause` and `index` say where it stands, so that it can be pointed at without repeating it.
 */
export type UnknownName = {
  list: List
  name: string
  near: string[]
  clause: number
  index: number
}

/** Bounds on the search for near names, which would otherwise cost a client nothing and us a lot. */
const NEAR_SEARCHES_PER_SECOND = 20
const MAX_NEAR_NAME = 64
const MAX_NEAR_CANDIDATES = 2_000

/** Turns the names that clients use into ids. Payers go by id, display name, alias or identifier, without regard to case. */
export class Names {
  readonly #board: Board
  readonly #searches: TokenBucket
  #builtAt = -1
  #payers = new Map<string, string>()
  #types = new Set<string>()
  #endpoints = new Set<string>()
  /** Names of what has been removed: a client that was away must be able to ask for it, to hear that it is gone. */
  #gonePayers = new Map<string, string>()
  #goneTypes = new Set<string>()
  #goneEndpoints = new Set<string>()

  constructor(board: Board, clock: Clock = systemClock) {
    const perSecond = NEAR_SEARCHES_PER_SECOND
    this.#board = board
    this.#searches = new TokenBucket(clock, { capacity: perSecond, perSecond })
  }

  /** The id of a payer that is there, by any of its names. */
  payer(name: string): string | undefined {
    this.#refresh()
    return this.#payers.get(name.toLowerCase())
  }

  /** Payers' names that are close to `name`. */
  nearPayers(name: string): string[] {
    this.#refresh()
    return this.nearAmong(name, this.#payers.keys())
  }

  /** Those of `known` that are close to `name`; none while more is searched for than the server has time for. */
  nearAmong(name: string, known: Iterable<string>): string[] {
    if (name.length > MAX_NEAR_NAME || !this.#searches.take()) return []
    return nearMatches(name, comparable(name.toLowerCase(), known))
  }

  /** The filter with names made ids, or every name that is not known. What was removed is known while it is remembered. */
  resolve(filter: Filter): { filter: ResolvedFilter } | { unknown: UnknownName[] } {
    this.#refresh()
    const unknown: UnknownName[] = []
    const clauses = filter.map((clause, at) => this.#resolveClause(clause, at, unknown))
    return unknown.length > 0 ? { unknown } : { filter: resolved(clauses) }
  }

  #resolveClause(
    { payers = [], types = [], endpoints = [] }: Clause,
    clause: number,
    unknown: UnknownName[],
  ): Clause {
    const report = (list: List) => (name: string, index: number) => {
      const id = this.#idOf(list, name.toLowerCase())
      if (id !== undefined) return id
      const near = unknown.length === 0 ? this.nearAmong(name, this.#known(list)) : []
      unknown.push({ list, name, near, clause, index })
      return name
    }
    return {
      payers: payers.map(report('payers')),
      types: types.map(report('types')),
      endpoints: endpoints.map(report('endpoints')),
    }
  }

  #idOf(list: List, name: string): string | undefined {
    if (list === 'payers') return this.#payers.get(name) ?? this.#gonePayers.get(name)
    if (list === 'types')
      return this.#types.has(name) || this.#goneTypes.has(name) ? name : undefined
    return this.#endpoints.has(name) || this.#goneEndpoints.has(name) ? name : undefined
  }

  #known(list: List): Iterable<string> {
    if (list === 'payers') return this.#payers.keys()
    return list === 'types' ? this.#types : this.#endpoints
  }

  #refresh(): void {
    if (this.#builtAt === this.#board.catalogRev) return
    this.#builtAt = this.#board.catalogRev
    this.#payers = new Map()
    this.#gonePayers = new Map()
    this.#types = new Set(Capability.options)
    this.#goneTypes = new Set()
    this.#endpoints = new Set()
    this.#goneEndpoints = new Set()
    for (const entry of this.#board.remembered()) this.#learn(entry)
    for (const id of new Set(this.#payers.values())) this.#payers.set(id, id) // an id beats another's alias
  }

  #learn({ log, about, names }: BoardEntry): void {
    const isGone = log.value === null
    if (log.kind === 'payer') {
      const payers = isGone ? this.#gonePayers : this.#payers
      for (const name of [...names, log.id]) payers.set(name.toLowerCase(), log.id)
    } else if (about !== undefined) {
      const types = isGone ? this.#goneTypes : this.#types
      const endpoints = isGone ? this.#goneEndpoints : this.#endpoints
      types.add(about.type.toLowerCase())
      endpoints.add(about.endpoint)
    }
  }
}

/** What is about as long as `name`, or begins with it. */
function comparable(name: string, known: Iterable<string>): string[] {
  const candidates: string[] = []
  for (const candidate of known) {
    const longer = candidate.length - name.length
    if (longer < -MOST_SLIPS || (longer > MOST_SLIPS && !candidate.startsWith(name))) continue
    candidates.push(candidate)
    if (candidates.length === MAX_NEAR_CANDIDATES) break
  }
  return candidates
}
