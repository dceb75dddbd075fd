/** Reads a file in our own format: substitutes, puts in what was said from outside, checks. */
import type * as z from 'zod'
import { expectation, mistakesOf } from './issues.ts'
import { applied, isMapping, type Override } from './overrides.ts'
import type { Payer } from './payer-schema.ts'
import type { PayerInput } from './payers.ts'
import { type Place, type Problem, pathText, type Source, whoseAt } from './problem.ts'
import { salvaged } from './salvage.ts'
import { type Lookup, mapTexts, substitute } from './substitute.ts'
import type { Path } from './yaml.ts'

/**
 * What a file says, as far as it could be read; `data` is absent where too much is wrong. `value` is the same before it
 * was checked: as written, with everything filled in.
 */
export type Read<T> = { data: T | undefined; value: unknown; problems: Problem[] }

/** Where values and settings come from that are not in the file. */
export type Outside = { lookup: Lookup; overrides: readonly Override[] }

/** Checks a file against its schema, telling all that is wrong. */
export function readOurs<T extends z.ZodType>(
  source: Source,
  schema: T,
  { lookup, overrides }: Outside,
): Read<z.infer<T>> {
  const problems: Problem[] = []
  const filled = mapTexts(source.value, (text, path) => {
    const result = substitute(text, lookup)
    if ('text' in result) return result.text
    problems.push({ source, path, whose: whoseAt(source, path), message: result.mistake })
    return text
  })
  const value = withoutNulls(applied(filled, overrides))
  const parsed = schema.safeParse(value, { error: expectation })
  if (parsed.success && problems.length === 0) return { data: parsed.data, value, problems }

  const unfilled = new Set(problems.map(({ path }) => pathText(path)))
  const raw = applied(source.value, overrides)
  const mistakes = parsed.success ? [] : mistakesOf(parsed.error.issues, schema, raw)
  for (const { path, message } of mistakes)
    if (!unfilled.has(pathText(path)))
      problems.push({ ...placeIn(source, overrides, path), message })
  const rest = salvaged(
    value,
    [...problems, ...mistakes].map(({ path }) => path),
  )
  return { data: schema.safeParse(rest).data, value, problems }
}

/** Where a setting was said: in the file, or by a flag or variable that goes before it. */
export function placeIn(
  source: Source | undefined,
  overrides: readonly Override[],
  path: Path,
): Place {
  const text = pathText(path)
  const override = overrides.findLast((one) => pathText(one.path) === text)
  if (override === undefined) return { source, path }
  return { source: undefined, path, from: override.name, text: override.text }
}

/** The payers of a checked file. */
export function inputsOf(source: Source, payers: readonly Payer[]): PayerInput[] {
  return payers.map((payer, i) => ({
    source,
    path: ['payers', i],
    payer,
    lenient: false,
    blocked: new Map(),
  }))
}

/** Below these a null is a value that is expected. */
const JSON_KEYS = new Set(['json', 'expect_json'])

/** A key without a value is as good as absent, but for a JSON value that is expected to be null. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isMapping(value)) return value
  const said = Object.entries(value).filter(([, item]) => item !== null)
  return Object.fromEntries(
    said.map(([key, item]) => [key, JSON_KEYS.has(key) ? item : withoutNulls(item)]),
  )
}
