import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BusyError, errorCode, StoreError, UnknownNameError } from '../lib/errors.ts'
import type { Log } from '../ports.ts'
import { ProblemError, sendProblem, storeProblem } from './problem.ts'

/** Makes every error, unknown path and wrong method of `app` a problem. Comes before the routes, to know them all. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  const paths = new Map<string, PathMethods>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const path = paths.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() }
    for (const name of [method].flat()) path.methods.add(name)
    paths.set(url, path)
  })
  app.setNotFoundHandler((request, reply) => sendProblem(reply, notFound(request, paths.values())))
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = toProblem(error)
    if (problem.code === 'internal') logUnexpected(log, error, request)
    return answer(reply, problem)
  })
}

/** When a prober that fell over is usually back, ms. */
const PROBER_BACK_MS = 5_000

type PathMethods = { pattern: RegExp; methods: Set<string> }

function answer(reply: FastifyReply, problem: ProblemError): FastifyReply {
  // The rest of a body that is too large is not waited for.
  if (problem.code === 'too_large') reply.header('connection', 'close')
  return sendProblem(reply, problem)
}

function notFound({ method, url }: FastifyRequest, paths: Iterable<PathMethods>): ProblemError {
  const path = url.split('?')[0] ?? ''
  for (const { pattern, methods } of paths)
    if (pattern.test(path) && !methods.has(method)) {
      const allow = [...methods].sort().join(', ')
      return new ProblemError('method_not_allowed', `this address takes ${allow}`, {
        headers: { allow },
      })
    }
  return new ProblemError('not_found', 'nothing is here; /docs lists what is')
}

function patternOf(url: string): RegExp {
  const literal = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replace(/:[A-Za-z]+/g, '[^/]+')}$`)
}

function toProblem(error: FastifyError): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof UnknownNameError)
    return new ProblemError('unknown_name', 'this name is not known here', { near: error.near })
  if (error instanceof BusyError) return busy(error)
  if (error.code === 'ERR_PROBER_GONE')
    return new ProblemError('overloaded', 'the prober is being started again', {
      retryAfterMs: PROBER_BACK_MS,
    })
  if (error instanceof StoreError) return storeProblem()
  if (error.validation) return invalid(error)
  const { statusCode = 500 } = error
  if (statusCode === 413) return new ProblemError('too_large', 'the body is larger than allowed')
  if (statusCode === 415)
    return new ProblemError('unsupported_media_type', 'expected a body of type application/json')
  if (statusCode >= 400 && statusCode < 500)
    return new ProblemError('invalid_request', 'the request is not as expected; see /docs')
  return new ProblemError(
    'internal',
    'something went wrong here; the request id finds it in the log',
  )
}

/** Why and until when in words too; what is thrown here quotes nobody. */
function busy({ message, retryAfterMs }: BusyError): ProblemError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000))
  return new ProblemError('rate_limited', `${message}; ask again in ${seconds} s`, { retryAfterMs })
}

const PARTS: Record<string, string> = { querystring: 'query', params: 'path', body: 'body' }

/** Says of each bad value where it was and what was expected; the messages are ours, so nothing is echoed. */
function invalid({ validation = [], validationContext }: FastifyError): ProblemError {
  const part = PARTS[validationContext ?? ''] ?? 'request'
  const issues = validation.map(({ instancePath, message = 'not as expected' }) => {
    const name = instancePath.split('/')[1]
    return name ? `${part} ${name}: ${message}` : `${part}: ${message}`
  })
  return new ProblemError('invalid_request', issues[0] ?? `the ${part} is not as expected`, {
    issues,
  })
}

/** Says where, never what: the message of an unexpected error may quote input. */
function logUnexpected(log: Log, error: FastifyError, request: FastifyRequest): void {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const problem = frames.slice(0, 8).join(' ').replace(/\s+/g, ' ').trim()
  log.error({ problem, code: errorCode(error), session: request.id }, 'request failed')
}
