import type { Expect } from '../config/config.ts'

/** Success where the configuration says nothing else. */
const DEFAULT_STATUS: NonNullable<Expect['status']> = [[200, 399]]
/** Longest piece of configured text in a message. */
const MAX_QUOTED = 80

/** The part of an answer that expectations look at. */
export type Judged = {
  status: number
  body: Buffer
  /** Whether the body goes on after what was read. */
  truncated: boolean
  /** Whether the body is compressed, though that was not asked for. */
  encoded: boolean
}

/** The first expectation that was not met: what was expected and, of statuses and numbers only, what was seen. */
export type Unmet = { of: 'status' | 'encoding' | 'body' | 'json' | 'size'; message: string }

/** Whether the configuration looks into bodies. */
export function expectsBody({ body, json = [] }: Expect): boolean {
  return body !== undefined || json.length > 0
}

/** Whether a redirect with this status is itself what the configuration waits for, and so is not followed. */
export function expectsRedirect(status: number, { status: set = [] }: Expect): boolean {
  return set.some(([from, to]) => from >= 300 && to <= 399 && status >= from && status <= to)
}

/** Holds an answer against the configuration; undefined when every expectation is met. */
export function unmetExpectation(expect: Expect, answer: Judged): Unmet | undefined {
  const status = unmetStatus(expect, answer)
  if (status !== undefined || !expectsBody(expect)) return status
  if (answer.encoded)
    return { of: 'encoding', message: 'the body is compressed, though that was not asked for' }
  const text = new TextDecoder().decode(answer.body)
  return unmetText(expect, answer, text) ?? unmetJson(expect, answer, text)
}

function unmetStatus(
  { status: set = DEFAULT_STATUS }: Expect,
  { status }: Judged,
): Unmet | undefined {
  if (set.some(([from, to]) => status >= from && status <= to)) return undefined
  const expected = set
    .map(([from, to]) => (from === to ? String(from) : `${from}-${to}`))
    .join(', ')
  return { of: 'status', message: `expected status ${clipped(expected)}, got ${status}` }
}

function unmetText({ body, shown }: Expect, answer: Judged, text: string): Unmet | undefined {
  if (body === undefined || text.includes(body)) return undefined
  const expected = `expected the body to contain ${quoted(body, shown)}`
  return answer.truncated ? unmetSize(expected, answer) : { of: 'body', message: expected }
}

function unmetJson({ json = [], shown }: Expect, answer: Judged, text: string): Unmet | undefined {
  if (json.length === 0) return undefined
  if (answer.truncated) return unmetSize('expected a JSON body', answer)
  const document = parsed(text)
  if (document === undefined) return { of: 'json', message: 'expected a JSON body' }
  for (const [path, expected] of json) {
    const seen = valueAt(path, document.value)
    if (seen === expected) continue
    const got = typeof seen === 'number' ? `, got ${seen}` : ''
    return {
      of: 'json',
      message: `expected ${clipped(path)} to be ${quoted(expected, shown)}${got}`,
    }
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

/** A configured value as a message may show it: what was filled into it is a secret. */
function quoted(value: string | number | boolean | null, shown: Expect['shown'] = {}): string {
  if (typeof value !== 'string') return String(value)
  return JSON.stringify(clipped(Object.hasOwn(shown, value) ? (shown[value] ?? '') : value))
}

function clipped(text: string): string {
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text
}
