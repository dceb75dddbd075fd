/** Who said what: every value in force, and the file and line, variable or flag that it comes from. */
import type { Endpoint, PayerEntry } from './config.ts'
import { usualValues } from './docs.ts'
import { inForce, isSaid } from './in-force.ts'
import type { Loaded } from './load.ts'
import { masked } from './masked.ts'
import { saidInOriginal } from './original-said.ts'
import { placeIn } from './ours.ts'
import { type Place, pathText, type Source, valueAt } from './problem.ts'
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
  const said = commonSaid({ main, overrides }, path, value)
  return { path, ...said, value: asUsual(said.value, usual) }
}

/** What the main file says, or who goes before it. */
function commonSaid(
  { main, overrides }: Pick<Loaded, 'main' | 'overrides'>,
  path: Path,
  value: unknown,
): Omit<Said, 'path'> {
  const place = placeIn(main, overrides, path)
  const raw = place.source === undefined ? undefined : valueAt(main.value, path)
  return { value: masked(value, path, raw), from: placeText(place) }
}

/** Variables and flags are texts; a number or a switch is printed as what it is. Without a usual value it is a number or a text. */
function asUsual(value: unknown, usual: unknown): unknown {
  if (typeof value !== 'string') return value
  if (typeof usual === 'boolean') return value === 'true'
  const isNumber = typeof usual === 'number' || (usual ?? null) === null
  return isNumber && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
}

/** Where files speak of a payer, as far as its endpoints tell. */
function placesOf({ places }: Loaded, payer: string): Place[] {
  const all = [...places]
    .filter(([id]) => id.startsWith(`${payer}/`))
    .map(([, { source, path }]) => ({ source, path: path.slice(0, 2) }))
  return all.filter((one, i) => i === all.findIndex((other) => placeText(one) === placeText(other)))
}

const PAYER_KEYS = [
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
  const settings = PAYER_KEYS.flatMap((key): Said[] => {
    const saying = places.flatMap((place) => saidAt(loaded, place, [key]) ?? [])
    const isAdded = key === 'maintenance' && saying.length > 0
    const all = isAdded ? saying.flatMap(({ value }) => value) : saying[0]?.value
    const value = whole.get(key) ?? all
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
  if (typeof value === 'number' || typeof value === 'boolean') return { ...said, value }
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
  return { path, ...commonSaid({ main, overrides }, common, value) }
}

/** What is said at `path` below `place`; in a file of the original's format by its own name. */
function saidAt({ main, values }: Loaded, place: Place, path: Path): Said | undefined {
  const source = place.source ?? main
  const whole = [...place.path, ...path]
  const value = valueAt(values.get(source), whole)
  if (value !== undefined && value !== null) {
    const shown = masked(value, whole, valueAt(source.value, whole))
    return { path, value: shown, from: fromProfile(main, source, whole) }
  }
  const original = saidInOriginal(source.value, place.path, path)
  if (original === undefined) return undefined
  return {
    path,
    value: masked(original.value, whole),
    from: placeText({ source, path: original.at }),
  }
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
