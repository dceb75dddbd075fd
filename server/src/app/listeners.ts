/** The doors of the house: the public listener with its WebSocket, and the operators'. */
import type { Config } from '../config/config.ts'
import { createAdmin, type ReloadOutcome } from '../serve/admin.ts'
import { createHttp, publicGuard, type Readiness } from '../serve/http.ts'
import { listen } from '../serve/listen.ts'
import { serveEvents } from '../serve/sse.ts'
import { acceptSockets } from '../serve/ws.ts'
import type { Core } from './core.ts'
import type { Outside } from './outside.ts'

type Address = { host: string; port: number }
type Doors = {
  readiness: () => Readiness
  reload: () => Promise<ReloadOutcome>
  /** Keys are asked for at every request, so that a reload revokes one. */
  apiKeys: () => Config['auth']['apiKeys']
}

/** Opens both listeners; `parts` takes over what must be closed again. */
export async function openListeners(
  core: Core,
  { config, world, doors }: { config: Config; world: Outside; doors: Doors },
  parts: AsyncDisposableStack,
): Promise<{ http: Address; admin: Address }> {
  const { clock, log, random, version, boardDirectory } = world
  const { metrics, hub, prober } = core
  const common = {
    clock,
    version,
    startedAt: clock.now(),
    readiness: doors.readiness,
    apiKeys: doors.apiKeys,
    settings: config,
    answered: (answer: Parameters<typeof metrics.answered>[0]) => metrics.answered(answer),
  }
  const guard = publicGuard(config)
  const http = await createHttp({
    ...common,
    ...core,
    log: log.child({ room: 'http' }),
    boardDirectory,
    serveEvents: (request, response) => serveEvents(request, response, { ...core, random }),
  })
  parts.defer(() => http.close())
  const { limits } = config
  parts.use(
    acceptSockets(http.server, { hub, guard, clock, limits, log: log.child({ room: 'ws' }) }),
  )
  const admin = await createAdmin({
    ...common,
    log: log.child({ room: 'admin' }),
    metrics: { contentType: metrics.contentType, text: () => metrics.text(() => prober.metrics()) },
    stats: () => ({ hub: plain(hub.counters), catalogue: core.catalogue.size, rev: core.bus.rev }),
    reload: doors.reload,
  })
  parts.defer(() => admin.close())
  return {
    admin: await listen(admin, { ...config.metrics, flag: '--metrics-port' }),
    http: await listen(http, { ...config.server, flag: '--port' }),
  }
}

/** Counters as JSON shows them: its maps would come out empty. */
function plain(counters: Core['hub']['counters']): object {
  const entries = Object.entries(counters).map(([name, value]) =>
    value instanceof Map ? [name, Object.fromEntries(value)] : [name, value],
  )
  return Object.fromEntries(entries)
}
