/** Expectations of a body. Nothing of what was seen is told, but for numbers. */
import type { Checks } from '../config/config.ts'
import { isFound } from '../lib/pattern.ts'
import { clipped, comparisonOf, quoted, type Shown, unmetComparison } from './comparison.ts'
import type { Judged, Unmet } from './judged.ts'
import { textsAt } from './xml.ts'

/** Most of a body that a pattern is looked for in, characters. */
const MAX_SEARCHED = 256 * 1024

/** Whether checks look into the body. */
export function looksInside({ body, json = [], xml = [] }: Checks): boolean {
  return body !== undefined || json.length > 0 || xml.length > 0
}

/** The first expectation of the body that is not met. */
export function unmetContent(checks: Checks, answer: Judged, shown: Shown): Unmet | undefined {
  if (!looksInside(checks)) return undefined
  if (answer.encoded)
    return { of: 'encoding', message: 'the body is compressed, though that was not asked for' }
  const content: Content = { answer, text: new TextDecoder().decode(answer.body), shown }
  return unmetText(checks, content) ?? unmetJson(checks, content) ?? unmetXml(checks, content)
}

type Content = { answer: Judged; text: string; shown: Shown }

function unmetText({ body = {} }: Checks, { answer, text, shown }: Content): Unmet | undefined {
  const { contains, matches } = typeof body === 'string' ? { contains: body } : body
  if (contains !== undefined && !text.includes(contains)) {
    const expected = `expected the body to contain ${quoted(contains, shown)}`
    return answer.truncated ? unmetSize(expected, answer) : { of: 'body', message: expected }
  }
  if (matches === undefined || isFound(matches, text.slice(0, MAX_SEARCHED))) return undefined
  const expected = `expected the body to match ${quoted(matches, shown)}`
  if (answer.truncated) return unmetSize(expected, answer)
  const where = text.length > MAX_SEARCHED ? ` in its first ${MAX_SEARCHED} characters` : ''
  return { of: 'body', message: `${expected}${where}` }
}

function unmetJson({ json = [] }: Checks, { answer, text, shown }: Content): Unmet | undefined {
  if (json.length === 0) return undefined
  if (answer.truncated) return unmetSize('expected a JSON body', answer)
  const document = parsed(text)
  if (document === undefined) return { of: 'json', message: 'expected a JSON body' }
  for (const [path, is] of json) {
    const seen = valueAt(path, document.value)
    const unmet = unmetComparison(comparisonOf(is), [seen], shown)
    if (unmet === undefined) continue
    const got = typeof seen === 'number' ? `, got ${seen}` : ''
    return { of: 'json', message: `expected ${clipped(path)} ${unmet}${got}` }
  }
  return undefined
}

function unmetXml({ xml = [] }: Checks, { answer, text, shown }: Content): Unmet | undefined {
  if (xml.length === 0) return undefined
  if (answer.truncated) return unmetSize('expected an XML body', answer)
  const paths = xml.map(([path]) => path)
  const texts = textsAt(text, paths)
  if (texts === undefined) return { of: 'xml', message: 'expected an XML body' }
  for (const [path, is] of xml) {
    const unmet = unmetComparison(comparisonOf(is), texts.get(path) ?? [], shown)
    if (unmet !== undefined) return { of: 'xml', message: `expected ${clipped(path)} ${unmet}` }
  }
  return undefined
}

function unmetSize(expected: string, { body }: Judged): Unmet {
  return {
    of: 'size',
    message: `${expected}, and it is larger than the ${body.length} bytes read`,
  }
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** The value at a path such as `$.a.b[0]`; undefined when there is none. */
function valueAt(path: string, document: unknown): unknown {
  let value = document
  for (const [, key, index] of path.matchAll(/\.([A-Za-z0-9_-]+)|\[(\d+)\]/g))
    value = index === undefined ? memberOf(value, key ?? '') : itemOf(value, Number(index))
  return value
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.getOwnPropertyDescriptor(value, key)?.value
}

function itemOf(value: unknown, index: number): unknown {
  return Array.isArray(value) ? value[index] : undefined
}
