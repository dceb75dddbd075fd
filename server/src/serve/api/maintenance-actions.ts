/** What people announce of maintenance, and withdraw. */
import * as z from 'zod'
import type { ApiKeys } from '../auth.ts'
import type { Listener } from '../listener.ts'
import { done, NEEDS_WRITE, writeAccess } from './acting.ts'
import { answers, jsonAnswer, problemAnswers } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { MaintenancePlan, PlanBody, planBodyCompiler, toWirePlan } from './maintenance-shapes.ts'
import { nameInPath, payersNamed } from './query.ts'

const common = { tags: ['Maintenance'], security: [{ apiKey: [] }] }
const problems = [400, 401, 404, 409, 413, 415, 429, 503, 504] as const

/** `POST /api/v1/maintenance` and `DELETE /api/v1/maintenance/{id}`. */
export function maintenanceActionRoutes(app: Listener, deps: HttpDeps, keys: ApiKeys): void {
  announceRoute(app, deps, keys)
  withdrawRoute(app, deps, keys)
}

function announceRoute(app: Listener, deps: HttpDeps, keys: ApiKeys): void {
  const { onRequest, by } = writeAccess(keys)
  const schema = {
    ...common,
    operationId: 'announceMaintenance',
    summary: 'Announce maintenance that comes once, or again and again',
    description: `As in the configuration’s \`maintenance\`. Saying it twice announces it once. ${NEEDS_WRITE}`,
    body: PlanBody,
    response: {
      ...answers(MaintenancePlan, 'It was announced already', problems),
      201: jsonAnswer(MaintenancePlan, 'It is announced now'),
    },
  }
  const options = { schema, onRequest, validatorCompiler: planBodyCompiler }
  app.post('/api/v1/maintenance', options, async (request, reply) => {
    const { payer: name, ...maintenance } = request.body
    const [payer = ''] = payersNamed(deps, [name], 'payer')
    const { entry, isNew = false } = await done(deps, {
      command: 'announceMaintenance',
      payer,
      maintenance,
      by: by(request),
    })
    if (entry.kind !== 'plan' || entry.value === null) throw new Error('no plan was announced')
    return reply.code(isNew ? 201 : 200).send(toWirePlan(entry.value, entry.rev))
  })
}

function withdrawRoute(app: Listener, deps: HttpDeps, keys: ApiKeys): void {
  const { onRequest, by } = writeAccess(keys)
  const schema = {
    ...common,
    operationId: 'withdrawMaintenance',
    summary: 'Withdraw maintenance that was announced over the API',
    description: `Its windows end with it. ${NEEDS_WRITE}`,
    params: z.strictObject({ id: nameInPath('Id of what was announced, `mp_` and 26 characters') }),
    response: {
      204: z.null().meta({ description: 'It is withdrawn' }),
      ...problemAnswers(problems),
    },
  }
  app.delete('/api/v1/maintenance/:id', { schema, onRequest }, async (request, reply) => {
    await done(deps, { command: 'withdrawMaintenance', plan: request.params.id, by: by(request) })
    return reply.code(204).send(null)
  })
}
