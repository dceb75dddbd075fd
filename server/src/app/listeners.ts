/** The doors of the house: the public listener with its WebSocket, in every gateway thread, and the operators'. */
import type { Config } from '../config/config.ts'
import { createAdmin, type ReloadOutcome } from '../serve/admin.ts'
import { type ListenAt, listen } from '../serve/listen.ts'
import type { Answered } from '../serve/listener.ts'
import type { Core } from './core.ts'
import { openGateway, plainCounters, type Standing } from './gateway.ts'
import type { Outside } from './outside.ts'

type Address = { host: string; port: number }
type Doors = {
  /** Asked at every request, so that a reload revokes a key. */
  standing: () => Standing
  reload: () => Promise<ReloadOutcome>
}

/** Opens both listeners; `parts` takes over what must be closed again. */
export async function openListeners(
  core: Core,
  { config, world, doors }: { config: Config; world: Outside; doors: Doors },
  parts: AsyncDisposableStack,
): Promise<{ http: Address; admin: Address }> {
  const { metrics, gateway, threads, bus, history, startedAt } = core
  const { standing } = doors
  const answered = (answer: Answered) => metrics.answered(answer)
  const admin = await openAdmin(core, { config, world, doors }, parts)
  const links = { bus, history, startedAt, standing, answered }
  const { host, port } = config.server
  const at: ListenAt = { host, port, flag: '--port' }
  if (gateway.shares === undefined)
    return { admin, http: await openGateway(gateway, { links, at }, parts) }
  const http = await openGateway(gateway, { links, at: { ...at, share: 'first' } }, parts)
  parts.use(threads)
  await threads.open({ ...at, port: http.port, share: 'others' }, standing())
  return { admin, http }
}

async function openAdmin(
  { metrics, prober, gateway, threads, catalogue, traces, bus, startedAt }: Core,
  { config, world, doors }: { config: Config; world: Outside; doors: Doors },
  parts: AsyncDisposableStack,
): Promise<Address> {
  const { clock, log, version } = world
  const workers = () => [{ ask: () => prober.metrics() }, ...threads.metrics]
  const admin = await createAdmin({
    clock,
    version,
    startedAt,
    readiness: () => doors.standing().readiness,
    apiKeys: () => doors.standing().apiKeys,
    settings: config,
    answered: (answer) => metrics.answered(answer),
    log: log.child({ room: 'admin' }),
    metrics: { contentType: metrics.contentType, text: () => metrics.text(...workers()) },
    stats: async () => ({
      hub: plainCounters(gateway.hub.counters),
      otherHubs: await threads.stats(),
      catalogue: catalogue.size,
      rev: bus.rev,
    }),
    reload: doors.reload,
    traces,
  })
  parts.defer(() => admin.close())
  return listen(admin, { ...config.metrics, flag: '--metrics-port' })
}
