/** Every option that the schema knows, and which of them a line about a mistake speaks of. */
import * as z from 'zod'
import { File } from '../../src/config/schema.ts'
import { bare, shapeOf } from '../../src/config/schema-walk.ts'

/** Any key of a record, which people choose. */
const ANY_KEY = '*'

/**
 * Every option by its path, lists without their brackets: `payers.endpoints.expect.json.*.gt`. What `defaults` and
 * `profiles` repeat of an endpoint is there once, as the endpoint's, and what `degrade` repeats of `expect` too.
 */
export function options(): string[] {
  const paths = below(File, []).map((path) => once(path.join('.')))
  return [...new Set(paths)].sort()
}

function below(schema: unknown, path: readonly string[]): string[][] {
  const own = path.length === 0 ? [] : [[...path]]
  return [...own, ...branches(schema).flatMap((branch) => belowOne(branch, path))]
}

function belowOne(schema: unknown, path: readonly string[]): string[][] {
  if (schema instanceof z.ZodArray) return elements(schema.element, path)
  if (schema instanceof z.ZodRecord) return below(schema.valueType, [...path, ANY_KEY])
  const shape = shapeOf(schema) ?? {}
  return Object.entries(shape).flatMap(([key, child]) => below(child, [...path, key]))
}

/** What a list holds has no name of its own. */
function elements(schema: unknown, path: readonly string[]): string[][] {
  return below(schema, path).filter(({ length }) => length > path.length)
}

/** The schema itself, or all that a union allows. */
function branches(schema: unknown): unknown[] {
  const plain = bare(schema)
  return plain instanceof z.ZodUnion ? plain.options.flatMap(branches) : [plain]
}

function once(path: string): string {
  return path
    .replace(/^(?:defaults|profiles\.\*)\./, 'payers.endpoints.')
    .replace('.expect.degrade.', '.expect.')
}

/** The option that a line such as `a.yaml:4 payers[0].aliases[1]: expected ...` speaks of; undefined where it is none's. */
export function optionIn(line: string): string | undefined {
  const [, said] = /^\S+?:\d+ (\S.*?)(?: \([^)]*\))?: /.exec(line) ?? []
  return said === undefined ? undefined : once(anyKeys(said.replace(/\[\d+\]/g, '')))
}

/** What people choose themselves is any key. */
function anyKeys(path: string): string {
  return path
    .replace(/\["(?:[^"\\]|\\.)*"\]/g, `.${ANY_KEY}`)
    .replace(/^profiles\.[^.]+/, `profiles.${ANY_KEY}`)
    .replace(/(\.headers|\.json|\.xml)\.[^.]+/, `$1.${ANY_KEY}`)
}
