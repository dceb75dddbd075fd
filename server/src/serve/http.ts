/**
 * The public listener: the board, REST, and the way into `/events`. The WebSocket takes its upgrades from `app.server`.
 */
import type { HttpDeps } from './api/deps.ts'
import { endpointActionRoutes } from './api/endpoint-actions.ts'
import { endpointRoutes } from './api/endpoints.ts'
import { healthRoute, lifecycleRoutes } from './api/health.ts'
import { historyRoutes } from './api/history.ts'
import { incidentActionRoutes } from './api/incident-actions.ts'
import { incidentRoutes } from './api/incidents.ts'
import { liveRoutes } from './api/live-feeds.ts'
import { maintenanceRoutes } from './api/maintenance.ts'
import { maintenanceActionRoutes } from './api/maintenance-actions.ts'
import { calendarRoute } from './api/maintenance-calendar.ts'
import { payerRoutes } from './api/payers.ts'
import { probeRoute } from './api/probe.ts'
import { originalRoutes } from './api/status.ts'
import { uptimeRoute } from './api/uptime.ts'
import { ApiKeys } from './auth.ts'
import { type Guard, isLoopback, makeGuard } from './guard.ts'
import { type Listener, makeListener } from './listener.ts'
import { collectRoutes, openApiRoutes } from './openapi.ts'
import { boardRoutes } from './static.ts'

export type { HttpDeps, Readiness } from './api/deps.ts'

/** The guard of the public listener, for its HTTP requests and for the WebSocket's upgrades. */
export function publicGuard({ server }: Pick<HttpDeps['settings'], 'server'>): Guard {
  return makeGuard({ ...server, loopback: isLoopback(server.host) })
}

/** Makes the public listener with all its routes, ready for `listen`. */
export async function createHttp(deps: HttpDeps): Promise<Listener> {
  const { clock, log, settings } = deps
  const { server, limits, auth } = settings
  const { apiKeys = () => auth.apiKeys } = deps
  const app = makeListener({
    guard: publicGuard(settings),
    log,
    limits,
    connections: deps.connections,
    allowedOrigins: server.allowedOrigins,
    answered: deps.answered,
  })
  const loopback = isLoopback(server.host)
  const keys = new ApiKeys({ keys: apiKeys, loopback, clock, log })
  await collectRoutes(app, deps.version)
  payerRoutes(app, deps)
  endpointRoutes(app, deps)
  probeRoute(app, deps, keys)
  incidentRoutes(app, deps)
  incidentActionRoutes(app, deps, keys)
  endpointActionRoutes(app, deps, keys)
  maintenanceRoutes(app, deps)
  maintenanceActionRoutes(app, deps, keys)
  calendarRoute(app, deps)
  historyRoutes(app, deps)
  uptimeRoute(app, deps)
  liveRoutes(app, deps)
  originalRoutes(app, deps)
  healthRoute(app, deps)
  lifecycleRoutes(app, deps)
  openApiRoutes(app)
  await boardRoutes(app, deps.boardDirectory)
  await app.ready()
  return app
}
