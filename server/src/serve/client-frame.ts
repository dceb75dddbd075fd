/**
 * Reads what v2 clients send. What was wrong is said in words of the schema alone: never in the client's own.
 */
import { ClientFrame, type ErrorFrame } from '@payer-status/protocol'
import type * as z from 'zod'
import { bounded } from './subscription.ts'

/** Why a frame was not understood. */
export type Rejection = Omit<ErrorFrame, 'type'>

/** The frame, or why it is none. Undefined text stands for a binary frame. */
export function readClientFrame(text: string | undefined): { frame: ClientFrame } | Rejection {
  if (text === undefined) return invalid('expected a text frame, got a binary one')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return invalid('expected JSON')
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return invalid('expected a JSON object')
  if (Object.hasOwn(json, '__proto__')) return invalid('expected no key that the protocol lacks')
  const parsed = ClientFrame.safeParse(json)
  return parsed.success ? { frame: parsed.data } : rejectionOf(parsed.error.issues)
}

/** What was wrong with each part of a filter, in words of the schema. */
export function issueTexts(issues: readonly z.core.$ZodIssue[]): string[] {
  return bounded(issues.map(issueText))
}

function rejectionOf(issues: readonly z.core.$ZodIssue[]): Rejection {
  const aboutFilter = issues.every(({ path }) => path[0] === 'filter')
  return {
    code: aboutFilter ? 'invalid_filter' : 'invalid_frame',
    message: aboutFilter
      ? 'the filter is not of the expected form'
      : 'the frame is not of the expected form',
    issues: issueTexts(issues),
  }
}

function invalid(message: string): Rejection {
  return { code: 'invalid_frame', message, issues: [] }
}

/** Paths are safe to repeat: the schemas are strict, so their keys are ours. */
function issueText(issue: z.core.$ZodIssue): string {
  return `${pathText(issue.path)}: expected ${expectedText(issue)}`
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
  return text === '' ? 'frame' : text.replace(/^\./, '')
}

function expectedText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue.origin)}`
    case 'too_small':
      return `at least ${issue.minimum}${unitOf(issue.origin)}`
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`
    case 'invalid_union':
      return 'one of "subscribe", "unsubscribe", "authenticate", "ping"'
    case 'unrecognized_keys':
      return 'no key that the protocol lacks'
    default:
      return 'another value'
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters'
  return origin === 'array' ? ' items' : ''
}
