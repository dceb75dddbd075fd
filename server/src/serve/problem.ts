/**
 * Errors as RFC 9457 problem details: a stable `code` for programs, one sentence for people, never what the client sent.
 */
import { STATUS_CODES } from 'node:http'
import type { FastifyReply } from 'fastify'
import * as z from 'zod'
import { AppError } from '../lib/errors.ts'
import type { Refusal } from './guard.ts'

export const ProblemCode = z.enum([
  'invalid_request',
  'unknown_name',
  'unauthenticated',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'unsupported_media_type',
  'too_large',
  'misdirected',
  'rate_limited',
  'timeout',
  'invalid_configuration',
  'not_probeable',
  'conflict',
  'private_text',
  'store_unavailable',
  'upgrade_required',
  'overloaded',
  'internal',
])
export type ProblemCode = z.infer<typeof ProblemCode>

export const Problem = z
  .strictObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: ProblemCode,
    detail: z.string(),
    requestId: z.string(),
    near: z
      .array(z.string())
      .optional()
      .meta({ description: 'Known names close to the unknown one' }),
    issues: z
      .array(z.string())
      .optional()
      .meta({ description: 'Every single thing that was wrong' }),
    retryAfterMs: z.int().nonnegative().optional(),
  })
  .meta({ description: 'Problem details, RFC 9457' })
export type Problem = z.infer<typeof Problem>

const STATUSES: Record<ProblemCode, number> = {
  invalid_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  not_probeable: 409,
  conflict: 409,
  unknown_name: 404,
  method_not_allowed: 405,
  too_large: 413,
  unsupported_media_type: 415,
  misdirected: 421,
  invalid_configuration: 422,
  private_text: 422,
  upgrade_required: 426,
  rate_limited: 429,
  internal: 500,
  overloaded: 503,
  store_unavailable: 503,
  timeout: 504,
}

/** What a problem may say beyond its code and sentence. */
export type ProblemExtras = {
  /** Where the usual status of the code does not fit. */
  status?: number
  near?: readonly string[]
  issues?: readonly string[]
  retryAfterMs?: number
  headers?: Readonly<Record<string, string>>
}

/** Ends a request with a problem. The message is shown to the client: it must not quote what the client sent. */
export class ProblemError extends AppError {
  readonly extras: ProblemExtras

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(code, detail)
    this.extras = extras
  }
}

/** When a store that cannot be asked is worth another question, ms. */
const STORE_BACK_MS = 5_000

/** History cannot be read now; everything else goes on. */
export function storeProblem(): ProblemError {
  return new ProblemError('store_unavailable', 'history cannot be read now', {
    retryAfterMs: STORE_BACK_MS,
  })
}

/** The problem as it is sent. */
export function problemOf(
  { code, message, extras }: ProblemError,
  requestId: string,
): { problem: Problem; headers: Record<string, string> } {
  const known = ProblemCode.safeParse(code).data ?? 'internal'
  const { status = STATUSES[known], near, issues, retryAfterMs } = extras
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? '',
    status,
    code: known,
    detail: message,
    requestId,
    ...(near && near.length > 0 && { near: [...near] }),
    ...(issues && issues.length > 0 && { issues: [...issues] }),
    ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
  }
  const headers = { ...extras.headers }
  if (retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1_000)))
  return { problem, headers }
}

/** What the guard refuses, as a problem. */
export function refusalProblem({ status, message }: Refusal): ProblemError {
  if (status === 421) return new ProblemError('misdirected', message)
  if (status === 403) return new ProblemError('forbidden', message)
  return new ProblemError('invalid_request', message, { status })
}

/** Sends a problem instead of an answer. */
export function sendProblem(reply: FastifyReply, error: ProblemError): FastifyReply {
  const { problem, headers } = problemOf(error, reply.request.id)
  reply.removeHeader('etag')
  return reply
    .code(problem.status)
    .headers({ ...headers, 'cache-control': 'no-store' })
    .type('application/problem+json')
    .send(problem)
}

/** The answer entry of a route schema that documents one problem status. */
export function problemAnswer(description: string) {
  return { description, content: { 'application/problem+json': { schema: Problem } } }
}
