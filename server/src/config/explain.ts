/** Who said what: every value in force, and the file and line, variable or flag that it comes from. */
import type { Endpoint } from './config.ts'
import { usualValues } from './docs.ts'
import type { Loaded } from './load.ts'
import { placeIn } from './ours.ts'
import { found, type Place, pathText, type Source, valueAt } from './problem.ts'
import { profileBehind } from './profiles.ts'
import type { Path } from './yaml.ts'

/** One value in force; what is secret is masked. */
export type Said = { path: Path; value: unknown; from: string }

/** Everything in force. */
export type Explanation = {
  settings: Said[]
  endpoints: { id: string; from: string; settings: Said[] }[]
}

/** Where a value comes from that nobody gave. */
export const DEFAULT = 'default'
const MASK = '[secret]'

/** Explains a configuration that was loaded. */
export function explain(loaded: Loaded): Explanation {
  const usual = usualValues()
  return {
    settings: [...usual.settings].flatMap(([key, value]) => {
      const isOfEndpoints = key.startsWith('defaults.')
      const said = settingSaid(loaded, key.split('.'), value)
      return isOfEndpoints && said.from === DEFAULT ? [] : [said]
    }),
    endpoints: loaded.config.endpoints.map((endpoint) => ({
      id: endpoint.id,
      from: placeText(loaded.places.get(endpoint.id)),
      settings: endpointSaid(loaded, endpoint, usual.endpoint),
    })),
  }
}

function settingSaid({ main, overrides, values }: Loaded, path: Path, usual: unknown): Said {
  const value = valueAt(values.get(main), path)
  if (value === undefined) return { path, value: usual ?? null, from: DEFAULT }
  return { path, value: masked(value, path), from: placeText(placeIn(main, overrides, path)) }
}

/** What an endpoint says itself, else what all are unless they say otherwise, else what is usual. */
function endpointSaid(
  loaded: Loaded,
  endpoint: Endpoint,
  usual: ReadonlyMap<string, unknown>,
): Said[] {
  const place = loaded.places.get(endpoint.id)
  const shown = new Map<string, unknown>([
    ['url', endpoint.shownUrl],
    ['network', endpoint.network],
  ])
  return [...usual].flatMap(([key, value]) => {
    const path = key.split('.')
    const said = saidNearest(loaded, place, path)
    const inForce = shown.get(key) ?? said?.value ?? value
    return inForce === undefined ? [] : [{ path, value: inForce, from: said?.from ?? DEFAULT }]
  })
}

function saidNearest(loaded: Loaded, place: Place | undefined, path: Path): Said | undefined {
  const { main, values, overrides } = loaded
  if (place?.source === undefined) return undefined
  const payer = place.path.slice(0, 2)
  const own: Place[] = [place.path, ...(path[0] === 'network' ? [payer] : [])].map((before) => ({
    source: place.source,
    path: [...before, ...path],
  }))
  const places = [...own, placeIn(main, overrides, ['defaults', ...path])]
  for (const one of places) {
    const inValue = one.source ?? main
    const value = valueAt(values.get(inValue), one.path)
    if (value !== undefined && value !== null)
      return {
        path,
        value: masked(value, one.path),
        from: fromProfile(main, one) ?? placeText(one),
      }
  }
  return undefined
}

/** Where a profile says it; undefined where none does. */
function fromProfile(main: Source, { source, path }: Place): string | undefined {
  const profile = source && profileBehind(source, path)
  if (profile === undefined) return undefined
  const [, , , , ...key] = path
  return `${main.shown}:${main.lineOf(['profiles', profile, ...key])} (profile ${profile})`
}

function placeText(place: Place | undefined): string {
  if (place === undefined) return DEFAULT
  const { source, path, from } = place
  return source === undefined ? (from ?? pathText(path)) : `${source.shown}:${source.lineOf(path)}`
}

/** A value as it may be shown: secrets are masked wherever they stand. */
function masked(value: unknown, path: Path): unknown {
  if (Array.isArray(value)) return value.map((item, i) => masked(item, [...path, i]))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, masked(item, [...path, key])]),
    )
  return isShowable(value, path) ? value : MASK
}

/** Whether an error message may quote it: then it may be printed too. */
function isShowable(value: unknown, path: Path): boolean {
  const text = found(value, path)
  return typeof value !== 'string' || text !== 'text'
}
