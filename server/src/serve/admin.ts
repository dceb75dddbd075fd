/**
 * The operators' listener: metrics, probes of the process manager, figures, reload. Not meant for the open network.
 */
import * as z from 'zod'
import type { Config } from '../config/config.ts'
import type { Log } from '../ports.ts'
import { answers } from './api/answers.ts'
import type { HealthDeps } from './api/deps.ts'
import { lifecycleRoutes } from './api/health.ts'
import { type ApiKey, ApiKeys } from './auth.ts'
import { isLoopback, makeGuard } from './guard.ts'
import { type Answered, type Listener, makeListener } from './listener.ts'
import { ProblemError } from './problem.ts'
import { type TraceSwitch, traceRoutes } from './trace-routes.ts'

const ReloadAnswer = z.strictObject({
  added: z.int().nonnegative(),
  changed: z.int().nonnegative(),
  removed: z.int().nonnegative(),
})

/** What a reload did. With `problems` the configuration was not valid, and nothing changed. */
export type ReloadOutcome = z.infer<typeof ReloadAnswer> & { problems: readonly string[] }

/** What the operators' listener is made from. */
export type AdminDeps = HealthDeps & {
  log: Log
  settings: Pick<Config, 'server' | 'metrics' | 'limits' | 'auth'>
  /** The API keys in force, where a reload can change them; without it, those of `settings`. */
  apiKeys?: () => readonly ApiKey[]
  /** All metrics in Prometheus' text form. */
  metrics: { contentType: string; text: () => Promise<string> }
  /** Figures for people who look into a running process; nothing secret. */
  stats: () => object | Promise<object>
  /** Reads the configuration again. */
  reload: () => Promise<ReloadOutcome>
  /** Whose requests and answers are logged. */
  traces: TraceSwitch
  answered?: (answer: Answered) => void
}

/** Makes the operators' listener with all its routes, ready for `listen`. */
export async function createAdmin(deps: AdminDeps): Promise<Listener> {
  const { clock, log, settings } = deps
  const { metrics, server, limits, auth } = settings
  const { apiKeys = () => auth.apiKeys } = deps
  const loopback = isLoopback(metrics.host)
  const app = makeListener({
    guard: makeGuard({
      host: metrics.host,
      loopback,
      allowedHosts: server.allowedHosts,
      allowedOrigins: [],
    }),
    log,
    limits,
    allowedOrigins: [],
    answered: deps.answered,
  })
  lifecycleRoutes(app, deps)
  metricsRoutes(app, deps)
  const keys = new ApiKeys({ keys: apiKeys, loopback, clock, log })
  reloadRoute(app, deps, keys)
  traceRoutes(app, deps.traces, keys)
  await app.ready()
  return app
}

function metricsRoutes(app: Listener, { metrics, stats }: AdminDeps): void {
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  )
  app.get('/debug/stats', () => stats())
}

function reloadRoute(app: Listener, { reload }: AdminDeps, keys: ApiKeys): void {
  const schema = {
    response: answers(ReloadAnswer, 'Endpoints that came, changed and went', [401, 422, 429]),
  }
  const onRequest = async ({ raw }: { raw: Parameters<ApiKeys['demand']>[0] }) =>
    keys.demand(raw, 'admin')
  app.post('/-/reload', { schema, onRequest }, async () => {
    const { problems, ...outcome } = await reload()
    if (problems.length === 0) return outcome
    const detail = 'the configuration is not valid; the one before stays in force'
    throw new ProblemError('invalid_configuration', detail, { issues: problems })
  })
}
