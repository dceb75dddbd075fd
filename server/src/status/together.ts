/** When failures are one: how many of those that share something must fail, and how close to each other. */
import { type Components, scopeOf } from './components.ts'

/** Failures that begin within this time of each other may be one. */
const WITHIN_MS = 10 * 60_000
/** Fewer endpoints of one host, or payers of anything wider, are a coincidence. */
const LEAST = 3
/** A smaller share of those that share it fails for reasons of its own. */
const LEAST_SHARE = 0.3

/** What is known of failures already. */
export type Known = {
  /** Whether nothing as wide explains it. */
  counts: (endpoint: string) => boolean
  /** The narrower component that explains it, or may: its host. */
  narrower: (endpoint: string) => string
}

/**
 * The endpoints that fail together because of what they share; undefined when they do not. Of a host three endpoints are
 * enough: one host is one thing. What is wider must fail on several hosts, also without its worst one, which may be
 * all there is to it, and without what is explained already by something narrower.
 */
export function failingTogether(
  components: Components,
  component: string,
  known: Known,
): string[] | undefined {
  const all = components.failing(component)
  const members = components.members(component)
  if (all.size < LEAST || all.size < LEAST_SHARE * members.size) return undefined
  let latest = Number.NEGATIVE_INFINITY
  for (const since of all.values()) latest = Math.max(latest, since)
  const failing = [...all]
    .filter(([endpoint, since]) => since >= latest - WITHIN_MS && known.counts(endpoint))
    .map(([endpoint]) => endpoint)
  if (failing.length < LEAST || failing.length < LEAST_SHARE * members.size) return undefined
  if (scopeOf(component) === 'host') return failing
  return isWide(components, { members, failing, known }) ? failing : undefined
}

function isWide(
  components: Components,
  {
    members,
    failing,
    known,
  }: { members: ReadonlySet<string>; failing: readonly string[]; known: Known },
): boolean {
  const payers = new Set(failing.map((endpoint) => endpoint.slice(0, endpoint.indexOf('/'))))
  if (payers.size < LEAST) return false
  const groups = Map.groupBy(failing, (endpoint) => known.narrower(endpoint))
  const [worst] = [...groups].toSorted(([, a], [, b]) => b.length - a.length)
  if (worst === undefined || groups.size < 2) return false
  const explained = components.members(worst[0])
  let others = 0
  for (const endpoint of members) if (!explained.has(endpoint)) others++
  return failing.length - worst[1].length >= LEAST_SHARE * others
}
