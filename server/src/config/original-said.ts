/** What an entry of the original's format says, by our keys, and where it says it. */
import { hasAuthorization, optionsInOurForm } from './original-options.ts'
import { isMapping } from './overrides.ts'
import { valueAt } from './problem.ts'
import type { Path } from './yaml.ts'

/** Our keys, each with what the original calls it; of several, the first that is there. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  interval: ['schedule'],
  url: ['url', 'path', 'url_contains'],
  'expect.status': ['expect_status'],
  'expect.body': ['expect_body'],
  'expect.json': ['expect_json'],
  'auth.basic.user': ['auth'],
  'auth.basic.password': ['auth'],
  'tls.skip_verify': ['tls_skip_verify'],
}

/** The value at our `path` of what is at `place` in such a file, and where it is written; undefined where nothing says it. */
export function saidInOriginal(
  file: unknown,
  place: Path,
  path: Path,
): { value: unknown; at: Path } | undefined {
  const entry = valueAt(file, place)
  if (!isMapping(entry)) return undefined
  const names = NAMES[path.join('.')]?.map((name) => [name]) ?? [path]
  const name = names.find((one) => (valueAt(entry, one) ?? null) !== null)
  if (name === undefined || (path[0] === 'auth' && hasAuthorization(entry))) return undefined
  const { options } = optionsInOurForm(entry)
  const value = valueAt(options, path) ?? (isOption(path) ? undefined : valueAt(entry, name))
  return value === undefined ? undefined : { value, at: [...place, ...name] }
}

/** Options are as ours has them or not taken at all; everything else is as written. */
function isOption([key]: Path): boolean {
  return ['expect', 'auth', 'retry', 'tls'].includes(String(key))
}
