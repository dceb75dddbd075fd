/** What may be printed of a configuration's values. */
import { found } from './problem.ts'
import { durationMs, SIZE } from './scalars.ts'
import { writtenText } from './shown.ts'
import { parseTemplate } from './substitute.ts'
import type { Path } from './yaml.ts'

/** What stands where a secret is. */
export const MASK = '[secret]'

/** What is expected of an answer is told when it is unmet, so it is printed too; what was filled in is not. */
const TOLD = 'expect'
/** Free text, where even a number may be a secret. */
const FREE = new Set(['body', 'headers', 'json', 'xml', 'content_type', 'description'])

/** A value as it may be shown: secrets are masked wherever they stand. `raw` is the same before anything was filled in. */
export function masked(value: unknown, path: Path, raw?: unknown): unknown {
  if (Array.isArray(value))
    return value.map((item, i) =>
      masked(item, [...path, i], Array.isArray(raw) ? raw[i] : undefined),
    )
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        masked(item, [...path, key], partOf(raw, key)),
      ]),
    )
  if (isFilled(value, raw) && isShowable(raw, path) && isHidden(value, raw, path))
    return writtenText(raw, false) ?? MASK
  if (path.join('.') === 'store.url') return storeAddress(String(value)) ?? MASK
  return isShowable(value, path) ? value : MASK
}

function partOf(raw: unknown, key: string): unknown {
  return typeof raw === 'object' && raw !== null ? Reflect.get(raw, key) : undefined
}

function isFilled(value: unknown, raw: unknown): raw is string {
  return typeof raw === 'string' && typeof value === 'string' && raw !== value
}

/** What a variable holds is not shown of free text; what a secret file holds, only where it is a number or a time. */
function isHidden(value: unknown, raw: string, path: Path): boolean {
  if (path.some((step) => FREE.has(String(step)))) return true
  const template = parseTemplate(raw)
  const parts = 'mistake' in template ? [] : template.parts
  const holdsFile = parts.some((part) => typeof part !== 'string' && part.kind === 'file')
  return holdsFile && !isAmount(String(value))
}

function isAmount(text: string): boolean {
  return /^\d{1,9}$/.test(text) || durationMs(text) !== undefined || SIZE.test(text)
}

/** Whether an error message may quote it: then it may be printed too. */
function isShowable(value: unknown, path: Path): boolean {
  if (typeof value !== 'string' || path.includes(TOLD)) return true
  return found(value, path) !== 'text'
}

/** Where history is kept, without user, password and parameters. */
function storeAddress(url: string): string | undefined {
  if (/^(?:memory:$|sqlite:)/.test(url)) return url
  if (!URL.canParse(url)) return undefined
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
