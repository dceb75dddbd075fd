/** Who said what: every value in force, and the file and line, variable or flag that it comes from. */
import type { Endpoint, PayerEntry } from './config.ts'
import { usualValues } from './docs.ts'
import { inForce, isSaid } from './in-force.ts'
import type { Loaded } from './load.ts'
import { placeIn } from './ours.ts'
import { found, type Place, pathText, type Source, valueAt } from './problem.ts'
import { profileBehind } from './profiles.ts'
import { durationMs } from './scalars.ts'
import type { Path } from './yaml.ts'

/** One value in force; what is secret is masked. */
export type Said = { path: Path; value: unknown; from: string }

/** A payer or an endpoint, where it begins, and all of it that is in force. */
export type Explained = { id: string; from: string; settings: Said[] }

/** Everything in force. */
export type Explanation = { settings: Said[]; payers: Explained[]; endpoints: Explained[] }

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
    payers: loaded.config.payers.map((payer) => payerSaid(loaded, payer)),
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

/** Where files speak of a payer, as far as its endpoints tell. */
function placesOf({ places }: Loaded, payer: string): Place[] {
  const all = [...places]
    .filter(([id]) => id.startsWith(`${payer}/`))
    .map(([, { source, path }]) => ({ source, path: path.slice(0, 2) }))
  return all.filter((one, i) => i === all.findIndex((other) => placeText(one) === placeText(other)))
}

const OF_A_PAYER = [
  'name',
  'aliases',
  'identifiers',
  'time_zone',
  'base_url',
  'network',
  'maintenance',
]

/** What a payer is; where several entries add to a list, all of them are named. */
function payerSaid(loaded: Loaded, { payer, name, aliases, identifiers }: PayerEntry): Explained {
  const places = placesOf(loaded, payer)
  const whole = new Map<string, unknown>(Object.entries({ name, aliases, identifiers }))
  const settings = OF_A_PAYER.flatMap((key): Said[] => {
    const saying = places.flatMap((place) => saidAt(loaded, place, [key]) ?? [])
    const all =
      saying.length > 1 && key === 'maintenance' ? saying.flatMap((one) => one.value) : undefined
    const value = whole.get(key) ?? all ?? saying[0]?.value
    const from = saying.map((one) => one.from).join(', ') || DEFAULT
    return value === undefined ? [] : [{ path: [key], value, from }]
  })
  return { id: payer, from: placeText(places[0]), settings }
}

/** What an endpoint says itself, else what all are unless they say otherwise, else what is usual; and what that comes to. */
function endpointSaid(
  loaded: Loaded,
  endpoint: Endpoint,
  usual: ReadonlyMap<string, unknown>,
): Said[] {
  const actual = inForce(endpoint)
  return [...usual].flatMap(([key, usually]): Said[] => {
    const path = key.split('.')
    const said = saidNearest(loaded, endpoint, path)
    const value = key in actual ? actual[key] : (said?.value ?? usually)
    if (value === undefined) return []
    return [said === undefined ? { path, value, from: DEFAULT } : cameTo(said, value)]
  })
}

/** A value in the words it was said in, where they still hold. */
function cameTo(said: Said, value: unknown): Said {
  if (value === said.value || isSaid(said.value, value)) return said
  const isBounded = typeof value === 'string' && durationMs(value) !== undefined
  return { ...said, value, from: isBounded ? `${said.from} (bounded)` : said.from }
}

/** What a payer may say for its endpoints. */
const OF_PAYERS = new Set(['network', 'time_zone'])
/** What token servers share with endpoints: `defaults.tls`. */
const OF_TOKENS = 'auth.oauth2.tls.'

function saidNearest(loaded: Loaded, { id, payer }: Endpoint, path: Path): Said | undefined {
  const { main, overrides, values, places } = loaded
  const own = places.get(id)
  if (own === undefined) return undefined
  const payers = OF_PAYERS.has(String(path[0])) ? placesOf(loaded, payer) : []
  for (const place of [own, ...payers]) {
    const said = saidAt(loaded, place, path)
    if (said !== undefined) return said
  }
  const isOfToken = path.join('.').startsWith(OF_TOKENS)
  const common = ['defaults', ...(isOfToken ? path.slice(2) : path)]
  const value = valueAt(values.get(main), common)
  if (value === undefined) return undefined
  return { path, value: masked(value, common), from: placeText(placeIn(main, overrides, common)) }
}

/** What is said at `path` below `place`; in a file of the original's format by its own name. */
function saidAt({ main, values }: Loaded, place: Place, path: Path): Said | undefined {
  const source = place.source ?? main
  const whole = [...place.path, ...path]
  const value = valueAt(values.get(source), whole)
  if (value !== undefined && value !== null)
    return { path, value: masked(value, whole), from: fromProfile(main, source, whole) }
  const original = [...place.path, ...(path[0] === 'interval' ? ['schedule'] : path)]
  const written = valueAt(source.value, original)
  if (written === undefined || written === null) return undefined
  return { path, value: masked(written, original), from: placeText({ source, path: original }) }
}

/** The line of the profile that says it; where none does, its own. */
function fromProfile(main: Source, source: Source, path: Path): string {
  const profile = profileBehind(source, path)
  if (profile === undefined) return placeText({ source, path })
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
