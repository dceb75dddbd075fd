/** Turns what the schema finds wrong into sentences an operator can act on. */
import type * as z from 'zod'
import { nearMatches } from '../lib/ids.ts'
import { found, quoted, valueAt } from './problem.ts'
import { keysAt } from './schema-walk.ts'
import type { Path } from './yaml.ts'

type Issue = z.core.$ZodIssue
type RawIssue = z.core.$ZodRawIssue

/** Something wrong at a path of what was checked. */
export type Mistake = { path: Path; message: string }

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
}

/** What was expected, in words: the `error` of every parse. A check's own message goes before it. */
export function expectation(issue: RawIssue): string {
  if (issue.code === 'invalid_type') return KINDS[issue.expected as string] ?? 'something else'
  if (issue.code === 'invalid_value') return choices(issue.values as unknown[])
  if (issue.code === 'too_small') return atLeast(issue)
  if (issue.code === 'too_big') return `at most ${sized(issue, issue.maximum)}`
  return ''
}

function choices(values: readonly unknown[]): string {
  const shown = values.map((value) => JSON.stringify(value))
  return shown.length < 2 ? shown.join() : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`
}

function atLeast(issue: RawIssue): string {
  if (issue.origin === 'string' && issue.minimum === 1) return 'text that is not empty'
  return `at least ${sized(issue, issue.minimum)}`
}

function sized(issue: RawIssue, size: unknown): string {
  const plural = size === 1 ? '' : 's'
  if (issue.origin === 'string') return `${size} character${plural}`
  return issue.origin === 'array' ? `${size} ${size === 1 ? 'entry' : 'entries'}` : String(size)
}

/** The mistakes in `raw`, which was checked against `schema`: one per place, with what was found there. */
export function mistakesOf(issues: readonly Issue[], schema: unknown, raw: unknown): Mistake[] {
  const seen = new Set<string>()
  return issues
    .flatMap((issue) => flat(issue, [], raw))
    .flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') return unknownKeys(issue, schema)
      const key = JSON.stringify(issue.path)
      if (seen.has(key)) return []
      seen.add(key)
      return [{ path: pathOf(issue), message: message(issue, raw) }]
    })
}

/** What was expected where, of what somebody else sent: nothing of it is quoted. */
export function expectedIn(issues: readonly Issue[], raw: unknown): Mistake[] {
  return issues
    .flatMap((issue) => flat(issue, [], raw))
    .map((issue) => ({
      path: issue.path as Path,
      message: `expected ${issue.code === 'unrecognized_keys' ? 'no other key' : issue.message}`,
    }))
}

/** A union says only that nothing fitted; what did not is said by the alternative that fits what was found. */
function flat(issue: Issue, above: Path, raw: unknown): Issue[] {
  const path = [...above, ...(issue.path as Path)]
  if (issue.code !== 'invalid_union' || issue.message !== '') return [{ ...issue, path }]
  const value = valueAt(raw, path)
  const fitting =
    issue.errors.find((branch) => !branch.some(isOfOtherKind)) ?? issue.errors[0] ?? []
  const chosen = Array.isArray(value) ? (issue.errors.find(isOfList) ?? fitting) : fitting
  return chosen.flatMap((inner) => flat(inner, path, raw))
}

function isOfOtherKind(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0
}

function isOfList(branch: readonly Issue[]): boolean {
  return branch.every((issue) => issue.path.length > 0 || issue.code === 'too_big')
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, schema: unknown): Mistake[] {
  const known = keysAt(schema, issue.path as Path)
  return issue.keys.map((key) => ({
    path: [...(issue.path as Path), key],
    message: `unknown key ${quoted(key)}${didYouMean(nearMatches(key.slice(0, 60), known)[0])}`,
  }))
}

/** `, did you mean "interval"?`, or nothing. */
export function didYouMean(near: string | undefined): string {
  return near === undefined ? '' : `, did you mean "${near}"?`
}

/** A key that is wrong itself is not shown: it may be a secret in the wrong place. */
function pathOf(issue: Issue): Path {
  return (issue.code === 'invalid_key' ? issue.path.slice(0, -1) : issue.path) as Path
}

function message(issue: Issue, raw: unknown): string {
  if (issue.code === 'invalid_key')
    return `expected ${issue.issues[0]?.message ?? 'other keys'} as keys, got another text`
  const value = valueAt(raw, issue.path as Path)
  if (value === undefined || value === null) return `expected ${issue.message}, but it is missing`
  return `expected ${issue.message}${hint(issue, value)}, got ${shown(issue, value)}`
}

function hint(issue: Issue, value: unknown): string {
  const wantsText = issue.message === KINDS.string
  return wantsText && (typeof value === 'number' || typeof value === 'boolean') ? ' in quotes' : ''
}

const MANY = new Set(['object', 'array', 'record'])

/** Text where a whole mapping or list is expected could be anything, so only its kind is shown. */
function shown(issue: Issue, value: unknown): string {
  const isLost = issue.code === 'invalid_type' && MANY.has(issue.expected)
  return isLost && typeof value === 'string' ? 'text' : found(value, issue.path as Path)
}
