import * as z from 'zod'
import type { Listener } from '../listener.ts'
import { answers, jsonAnswer } from './answers.ts'
import type { HealthDeps } from './deps.ts'

export const Health = z.strictObject({
  status: z.literal('healthy'),
  service: z.literal('payer-status-monitor'),
  version: z.string(),
  uptimeSeconds: z.number().nonnegative(),
  timestamp: z.iso.datetime({ precision: 3 }),
})

const Alive = z.strictObject({ alive: z.literal(true) })

const Ready = z.strictObject({ ready: z.boolean(), reasons: z.array(z.string()) })

const tags = ['Monitor']

/** `GET /health`, for people and for what watched the original service. */
export function healthRoute(app: Listener, deps: HealthDeps): void {
  const schema = {
    tags,
    operationId: 'getHealth',
    summary: 'Health of the monitor',
    response: answers(Health, 'It answers, so it is healthy'),
  }
  app.get('/health', { schema }, () => {
    const now = deps.clock.now()
    return {
      status: 'healthy',
      service: 'payer-status-monitor',
      version: deps.version,
      uptimeSeconds: Math.max(0, Math.round((now - deps.startedAt) / 1_000)),
      timestamp: new Date(now).toISOString(),
    }
  })
}

/** `GET /livez` and `GET /readyz`, for whatever starts, stops and balances processes. */
export function lifecycleRoutes(app: Listener, { readiness }: HealthDeps): void {
  const live = {
    tags,
    operationId: 'getLiveness',
    summary: 'Is the process alive?',
    response: answers(Alive, 'It answers, so it is'),
  }
  app.get('/livez', { schema: live }, () => ({ alive: true }))

  const ready = {
    tags,
    operationId: 'getReadiness',
    summary: 'Should clients be sent here?',
    response: { ...answers(Ready, 'Yes, they should'), 503: jsonAnswer(Ready, 'No, and why') },
  }
  app.get('/readyz', { schema: ready }, (_request, reply) => {
    const now = readiness()
    return reply.code(now.ready ? 200 : 503).send(now)
  })
}
