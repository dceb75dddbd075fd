/** Takes what is wrong out of a file, so that the rest can be checked too and all problems are told at once. */
import type { Path } from './yaml.ts'

/** Settings that others are judged by: without them an endpoint or payer cannot be checked any further. */
const INDISPENSABLE = new Set<unknown>([
  undefined,
  'type',
  'name',
  'url',
  'base_url',
  'network',
  'method',
  'headers',
  'body',
  'endpoints',
  'enabled',
])

const NO_ENDPOINT = { type: 'placeholder', enabled: false }
const NO_PAYER = { name: 'placeholder b1946ac9', endpoints: [NO_ENDPOINT] }

type Change = { path: Path; instead?: unknown }

/** `value` without what is at `paths`; undefined where too little would be left. */
export function salvaged(value: unknown, paths: readonly Path[]): unknown {
  const changes = paths.map(changeFor)
  if (changes.includes(undefined)) return undefined
  return changes.reduce<unknown>((rest, change) => (change ? changed(rest, change) : rest), value)
}

function changeFor(path: Path): Change | undefined {
  const [top, payer, key, endpoint, setting] = path
  if (top === undefined || top === 'version' || top === 'defaults') return undefined
  if (top !== 'payers') return { path: [top] }
  if (payer === undefined) return undefined
  if (key === 'endpoints' && endpoint !== undefined)
    return INDISPENSABLE.has(setting)
      ? { path: path.slice(0, 4), instead: NO_ENDPOINT }
      : { path: path.slice(0, 5) }
  return INDISPENSABLE.has(key)
    ? { path: path.slice(0, 2), instead: NO_PAYER }
    : { path: path.slice(0, 3) }
}

function changed(value: unknown, { path: [step, ...rest], instead }: Change): unknown {
  if (step === undefined) return instead
  if (typeof value !== 'object' || value === null) return value
  const isLast = rest.length === 0
  const replace = ([key, item]: [string, unknown]): [string, unknown][] => {
    if (key !== String(step)) return [[key, item]]
    return isLast && instead === undefined ? [] : [[key, changed(item, { path: rest, instead })]]
  }
  const entries = Object.entries(value).flatMap(replace)
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}
