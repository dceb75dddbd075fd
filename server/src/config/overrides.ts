/** What flags and environment variables say instead of the file. */
import { nearMatches } from '../lib/ids.ts'
import { didYouMean } from './issues.ts'
import type { Problem } from './problem.ts'
import { leaves, variableOf } from './schema-walk.ts'
import type { Path } from './yaml.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** One setting from outside the file, and the name of what set it. */
export type Override = { path: Path; name: string; text: string }

/** The variable that names the file itself. */
export const CONFIG_VARIABLE = variableOf(['config'])

/** What the original service read; ours go before them. */
const ORIGINAL_VARIABLES: Readonly<Record<string, string>> = {
  WS_PORT: 'server.port',
  METRICS_PORT: 'metrics.port',
  LOG_LEVEL: 'log.level',
}

/** How the command line calls what it sets; other settings have their own path as their flag. */
const FLAGS: Readonly<Record<string, string>> = {
  'server.host': '--host',
  'server.port': '--port',
  'store.url': '--store',
  'metrics.port': '--metrics-port',
  'log.level': '--log-level',
  'defaults.network': '--network',
}

/** All settings from outside, the strongest last. An empty variable counts as unset. */
export function overridesOf(
  env: Variables,
  flags: Readonly<Record<string, string>>,
): { overrides: Override[]; problems: Problem[] } {
  const paths = new Map(leaves().map(({ path, variable }) => [variable, path]))
  const known = new Set([...paths.values()].map((path) => path.join('.')))
  const problems = [
    ...Object.keys(env).flatMap((name) => unknownVariable(name, paths)),
    ...Object.keys(flags).flatMap((flag) => unknownFlag(flag, known)),
  ]
  const original = Object.entries(ORIGINAL_VARIABLES).map(([name, path]) => ({
    name,
    path: path.split('.'),
    text: env[name],
  }))
  const ours = [...paths].map(([name, path]) => ({ name, path, text: env[name] }))
  const given = Object.entries(flags)
    .filter(([path]) => known.has(path))
    .map(([path, text]) => ({ name: flagOf(path), path: path.split('.'), text }))
  const fromEnv = [...original, ...ours].flatMap(({ name, path, text }) =>
    text === undefined || text === '' ? [] : [{ name, path, text }],
  )
  return { overrides: [...fromEnv, ...given], problems }
}

function flagOf(path: string): string {
  return FLAGS[path] ?? `--${path.replaceAll(/[._]/g, '-')}`
}

function unknownVariable(name: string, known: ReadonlyMap<string, unknown>): Problem[] {
  if (!name.startsWith('PAYER_STATUS_') || known.has(name) || name === CONFIG_VARIABLE) return []
  const near = nearMatches(name.slice(0, 80), [...known.keys(), CONFIG_VARIABLE])[0]
  return [outside(name.slice(0, 80), `no setting has this name${didYouMean(near)}`)]
}

function unknownFlag(path: string, known: ReadonlySet<string>): Problem[] {
  return known.has(path) ? [] : [outside(flagOf(path), 'no setting has this name')]
}

function outside(from: string, message: string): Problem {
  return { source: undefined, path: [], from, message }
}

/** `value` with the settings from outside put in; where the file has no mapping to put them in, it stays as it is. */
export function applied(value: unknown, overrides: readonly Override[]): unknown {
  return overrides.reduce((result, { path, text }) => withText(result, path, text), value)
}

function withText(value: unknown, path: Path, text: string): unknown {
  const [key, ...rest] = path
  if (key === undefined) return text
  if (value !== undefined && !isMapping(value)) return value
  return { ...value, [key]: withText(value?.[String(key)], rest, text) }
}

/** Whether a value is a mapping. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
