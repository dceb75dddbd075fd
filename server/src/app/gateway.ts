/** What serves clients in one thread, on that thread's board: names, hub, and the public listener with its sockets. */
import type { Board } from '../board/board.ts'
import { Names } from '../board/names.ts'
import type { Config } from '../config/config.ts'
import type { Bus, History } from '../ports.ts'
import { createHttp, type HttpDeps, publicGuard, type Readiness } from '../serve/http.ts'
import { Hub } from '../serve/hub.ts'
import { type ListenAt, type Listens, listen } from '../serve/listen.ts'
import type { Answered } from '../serve/listener.ts'
import type { HubSettings } from '../serve/settings.ts'
import { SharedHeadCount } from '../serve/shared-head-count.ts'
import { serveEvents } from '../serve/sse.ts'
import { acceptSockets } from '../serve/ws.ts'
import type { Outside } from './outside.ts'

/** What a gateway is told by the configuration; plain data, for another thread. */
export type GatewaySettings = Pick<Config, 'server' | 'limits' | 'hub' | 'auth'> & {
  node: string
  /** What our own canary is known by. */
  canarySecret: string
  /** How many threads serve clients. */
  threads: number
}

/** What a gateway cannot choose itself. */
export type GatewayWorld = Pick<Outside, 'clock' | 'random' | 'log' | 'version' | 'boardDirectory'>

/** How many clients and connections all threads have: memory that they share, and whose row in it is ours. */
export type Shares = { clients: SharedArrayBuffer; connections: SharedArrayBuffer; thread: number }

/** What changes while clients are served. */
export type Standing = { readiness: Readiness; apiKeys: Config['auth']['apiKeys'] }

/** What a gateway is made from; `shares` only where there are other threads. */
export type GatewayDeps = {
  board: Board
  world: GatewayWorld
  settings: GatewaySettings
  shares: Shares | undefined
}

/** What the gateway asks of the rest of the house. */
export type GatewayLinks = {
  bus: Pick<Bus, 'request'>
  history: History
  startedAt: number
  standing: () => Standing
  answered: (answer: Answered) => void
}

/** One thread's gateway. */
export type Gateway = GatewayDeps & { names: Names; hub: Hub }

/** Builds the gateway without its door. Its hub must be disposed of. */
export function makeGateway(deps: GatewayDeps): Gateway {
  const { board, world, settings, shares } = deps
  const { clock, random, log, version } = world
  const names = new Names(board, clock)
  const hub = new Hub({
    board,
    names,
    clock,
    random,
    log: log.child({ room: 'hub' }),
    settings: hubSettings(settings, version),
    clients: shares && new SharedHeadCount(shares.clients, shares.thread),
  })
  return { ...deps, names, hub }
}

/**
 * Opens the public listener; `parts` takes over what must be closed again.
 * @throws {ListenError} when the address cannot be had
 */
export async function openGateway(
  gateway: Gateway,
  { links, at }: { links: GatewayLinks; at: ListenAt },
  parts: AsyncDisposableStack,
): Promise<{ host: string; port: number }> {
  const { hub, settings, world } = gateway
  const { clock, log } = world
  const http = await createHttp(httpDeps(gateway, links))
  parts.defer(() => http.close())
  parts.defer(() => hub.closeAll()) // event streams, which the listener would wait for
  const guard = publicGuard(settings)
  const { limits } = settings
  const canary = { secret: settings.canarySecret, thread: gateway.shares?.thread ?? 0 }
  parts.use(
    acceptSockets(http.server, {
      hub,
      guard,
      clock,
      limits,
      canary,
      log: log.child({ room: 'ws' }),
    }),
  )
  return listen(http satisfies Listens, at)
}

function httpDeps(gateway: Gateway, links: GatewayLinks): HttpDeps {
  const { settings, world, shares, hub, names, board } = gateway
  const { clock, random, version, boardDirectory, log } = world
  const { bus, history, startedAt, answered, standing } = links
  return {
    board,
    names,
    bus,
    history,
    clock,
    log: log.child({ room: 'http' }),
    settings,
    connections: shares && new SharedHeadCount(shares.connections, shares.thread),
    version,
    startedAt,
    readiness: () => standing().readiness,
    apiKeys: () => standing().apiKeys,
    boardDirectory,
    answered,
    serveEvents: (request, response) => serveEvents(request, response, { hub, names, random }),
  }
}

/** Rates are divided among the threads: the system spreads new clients evenly. */
function hubSettings(
  { hub, limits, threads, node }: GatewaySettings,
  version: string,
): HubSettings {
  const share = (whole: number) => Math.max(1, Math.floor(whole / threads))
  return {
    ...hub,
    ...limits,
    handshakesPerSecond: share(limits.handshakesPerSecond),
    handshakesAtOnce: share(limits.handshakesAtOnce),
    server: `payer-status-monitor/${version}`,
    node,
  }
}

/** Counters as JSON shows them: its maps would come out empty. */
export function plainCounters(counters: Hub['counters']): object {
  const entries = Object.entries(counters).map(([name, value]) =>
    value instanceof Map ? [name, Object.fromEntries(value)] : [name, value],
  )
  return Object.fromEntries(entries)
}
