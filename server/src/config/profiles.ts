/** Profiles: what several endpoints have in common, said once and put into each that names it. */
import { nearMatches } from '../lib/ids.ts'
import { didYouMean } from './issues.ts'
import { isMapping } from './overrides.ts'
import { found, type Problem, quoted, type Source } from './problem.ts'
import type { Path } from './yaml.ts'

type Mapping = Readonly<Record<string, unknown>>

/** A source whose endpoints have what their profiles say, and what is wrong with the names they use. */
export type Profiled = { source: Source; problems: Problem[] }

/** The profiles of a main file; whatever else stands there is told by the schema. */
export function profilesOf({ value }: Source): ReadonlyMap<string, Mapping> {
  const profiles = isMapping(value) && isMapping(value.profiles) ? value.profiles : {}
  return new Map(
    Object.entries(profiles).flatMap(([name, profile]) =>
      isMapping(profile) ? [[name, profile]] : [],
    ),
  )
}

/** Puts profiles into the endpoints that name them: what an endpoint says itself counts more. */
export function withProfiles(source: Source, profiles: ReadonlyMap<string, Mapping>): Profiled {
  const problems: Problem[] = []
  const endpoints = endpointsOf(source.value).flatMap(({ path, endpoint }) => {
    if (typeof endpoint.profile !== 'string') return [] // no name: the schema tells
    const profile = profiles.get(endpoint.profile)
    if (profile) return [{ path, merged: merged(profile, endpoint) }]
    problems.push({ source, path: [...path, 'profile'], message: unknown(endpoint, profiles) })
    return []
  })
  if (endpoints.length === 0) return { source, problems }
  const value = endpoints.reduce(
    (whole, { path, merged }) => replaced(whole, path, merged),
    source.value,
  )
  return { source: { ...source, value, written: source.value }, problems }
}

function unknown({ profile }: Mapping, profiles: ReadonlyMap<string, Mapping>): string {
  const names = [...profiles.keys()]
  const [near] = nearMatches(String(profile).slice(0, 60), names)
  const expected = names.length === 0 ? 'no profile, for there is none' : 'the name of a profile'
  return `expected ${expected}, got ${found(profile, [])}${near ? didYouMean(near) : ''}`
}

function endpointsOf(value: unknown): { path: Path; endpoint: Mapping }[] {
  const payers = isMapping(value) && Array.isArray(value.payers) ? value.payers : []
  return payers.flatMap((payer: unknown, i) => {
    const endpoints = isMapping(payer) && Array.isArray(payer.endpoints) ? payer.endpoints : []
    return endpoints.flatMap((endpoint: unknown, j) =>
      isMapping(endpoint) ? [{ path: ['payers', i, 'endpoints', j], endpoint }] : [],
    )
  })
}

/** Mappings are merged, everything else is replaced; names of headers are the same whatever their case. */
function merged(profile: Mapping, own: Mapping): Mapping {
  const said = Object.entries(own).filter(([, value]) => value !== null)
  const kept = Object.entries(profile).map(([key, value]) => {
    const mine = own[key]
    if (key === 'headers' && isMapping(value) && isMapping(mine))
      return [key, { ...withoutHeaders(value, mine), ...mine }]
    return [key, isMapping(value) && isMapping(mine) ? merged(value, mine) : value]
  })
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(said.filter(([key, value]) => !isMapping(value) || !(key in profile))),
  }
}

function withoutHeaders(headers: Mapping, names: Mapping): Mapping {
  const taken = new Set(Object.keys(names).map((name) => name.toLowerCase()))
  const rest = Object.entries(headers).filter(([name]) => !taken.has(name.toLowerCase()))
  return Object.fromEntries(rest)
}

/** A copy of `value` with something else at `path`. */
function replaced(value: unknown, [step, ...rest]: Path, item: unknown): unknown {
  if (step === undefined) return item
  if (Array.isArray(value))
    return value.map((old, i) => (i === step ? replaced(old, rest, item) : old))
  return isMapping(value) ? { ...value, [step]: replaced(value[step], rest, item) } : value
}

/** The name of the profile that an endpoint's setting comes from; undefined where it says it itself, or nobody does. */
export function profileBehind(source: Source, path: Path): string | undefined {
  const [payers, i = '', endpoints, j = '', ...key] = path
  if (source.written === undefined || payers !== 'payers' || endpoints !== 'endpoints') return
  const at = (value: unknown, steps: Path): unknown =>
    steps.reduce<unknown>((now, step) => (now as Mapping | undefined)?.[step], value)
  const written = at(source.written, ['payers', i, 'endpoints', j])
  if (!isMapping(written) || written.profile === undefined) return undefined
  return at(written, key) === undefined ? quoted(String(written.profile)).slice(1, -1) : undefined
}
