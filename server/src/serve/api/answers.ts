/** The shapes that route schemas share: what a route answers, documented and enforced. */
import * as z from 'zod'
import { problemAnswer } from '../problem.ts'

const PROBLEMS = {
  400: 'A value is not as expected',
  401: 'An API key is needed',
  403: 'The Origin or the API key does not allow this',
  404: 'Nothing of this name is known; `near` lists the closest names',
  409: 'It cannot be done to this record as it is now',
  413: 'The body is larger than allowed',
  415: 'The body is not JSON',
  421: 'The Host is not one of this monitor',
  422: 'What was to be applied is not valid, or a text holds what looks like an identifier; nothing changed',
  426: 'Only a WebSocket upgrade is answered here',
  429: 'Asked for too often; `Retry-After` says when to come back',
  500: 'Something went wrong here',
  503: 'Not now; `Retry-After` says when to come back',
  504: 'No result in time',
} as const

/** A status that is answered with problem details. */
export type ProblemStatus = keyof typeof PROBLEMS

/** The response part of a route schema: the answer as JSON, and the problems that may come instead. */
export function answers(
  answer: z.ZodType,
  description: string,
  problems: readonly ProblemStatus[] = [],
) {
  return { 200: jsonAnswer(answer, description), ...problemAnswers(problems) }
}

/** As `answers`, for reads of live state: an unchanged one is 304. */
export function liveAnswers(
  answer: z.ZodType,
  description: string,
  problems: readonly ProblemStatus[] = [],
) {
  return {
    ...answers(answer, description, problems),
    304: z.null().meta({ description: 'Unchanged since the `ETag` that `If-None-Match` names' }),
  }
}

/** The problems that a route may answer, with those that any route may. */
export function problemAnswers(problems: readonly ProblemStatus[]) {
  const all = [...new Set<ProblemStatus>([...problems, 403, 421, 500])]
  return Object.fromEntries(all.map((status) => [status, problemAnswer(PROBLEMS[status])]))
}

/** One answer as JSON. */
export function jsonAnswer(schema: z.ZodType, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

/** An answer that is not JSON. */
export function textAnswer(type: string, description: string) {
  return { description, content: { [type]: { schema: z.string() } } }
}

/** A page of a list; `next` asks for the page after it. */
export function listOf(item: z.ZodType) {
  return z.strictObject({
    items: z.array(item),
    next: z
      .string()
      .nullable()
      .meta({ description: 'The `cursor` of the next page; null at the end' }),
  })
}
