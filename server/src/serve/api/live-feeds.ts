/** The two live feeds as far as plain HTTP goes: `/events` is handed on, `/ws` wants an upgrade. */
import { Detail } from '@payer-status/protocol'
import * as z from 'zod'
import type { Listener } from '../listener.ts'
import { ProblemError } from '../problem.ts'
import { problemAnswers, textAnswer } from './answers.ts'
import type { HttpDeps } from './deps.ts'

/** `GET /events` and `GET /ws` without an upgrade. */
export function liveRoutes(app: Listener, { serveEvents }: HttpDeps): void {
  // The query is documented here and read where the stream is served, as the WebSocket's filter is.
  const validatorCompiler = () => (value: unknown) => ({ value })
  const options = { schema: events, validatorCompiler, exposeHeadRoute: false }
  app.get('/events', options, (request, reply) => {
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value)
    reply.hijack()
    serveEvents(request.raw, reply.raw)
  })
  app.head('/events', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/event-stream').send(),
  )
  app.get('/ws', { schema: socket }, () => {
    throw new ProblemError('upgrade_required', 'this address takes WebSockets only', {
      headers: { upgrade: 'websocket', connection: 'upgrade' },
    })
  })
}

const tags = ['Live']
const names = z.union([z.string(), z.array(z.string())]).optional()

const events = {
  tags,
  operationId: 'followEvents',
  summary: 'Changes as server-sent events',
  description:
    'The frames of subprotocol payer-status-v2; `id` is `epoch:rev`, and `Last-Event-ID` resumes.',
  querystring: z.looseObject({
    payers: names.meta({ description: 'Only these payers' }),
    types: names.meta({ description: 'Only these types or capabilities' }),
    endpoints: names.meta({ description: 'Only these endpoints' }),
    detail: z
      .enum(Detail.options)
      .optional()
      .meta({ description: '`result`: every result; `status`: only when the status changes' }),
  }),
  response: {
    200: textAnswer('text/event-stream', 'Frames as events, without end'),
    ...problemAnswers([400, 503]),
  },
}

const socket = {
  tags,
  operationId: 'followSocket',
  summary: 'Changes over a WebSocket',
  description:
    'Subprotocols payer-status-v2 and payer-status-v1; docs/protocol.md has the frames. Without an upgrade: 426.',
  response: {
    101: z.null().meta({ description: 'Upgraded' }),
    ...problemAnswers([400, 426, 503]),
  },
}
