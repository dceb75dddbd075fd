/**
 * The composition root of the monitor. The order of lines is the order of start; its reverse is the order of shutdown.
 */
import type { Config } from '../config/config.ts'
import { watchFiles } from '../config/watch.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import { type Log, silentLog } from '../lib/log.ts'
import type { ReloadOutcome } from '../serve/admin.ts'
import { registerCanary } from '../serve/canary-metrics.ts'
import type { Readiness } from '../serve/http.ts'
import { Canary } from './canary.ts'
import { buildCore, type Core } from './core.ts'
import { openListeners } from './listeners.ts'
import { openStore } from './opening.ts'
import type { Outside } from './outside.ts'
import { Reloader } from './reloader.ts'

/** A running monitor. Disposing it stops everything, last started first. */
export type App = AsyncDisposable &
  Pick<Core, 'board' | 'catalogue' | 'bus' | 'history'> &
  Pick<Core['gateway'], 'hub'> & {
    /** Where the board, REST and `/ws` are, such as `http://127.0.0.1:8080`. */
    url: string
    /** Where `/metrics` is. */
    metricsUrl: string
    /** Reads the configuration again. */
    reload(): Promise<ReloadOutcome>
    /** Not ready from now on: probes end, clients are told and closed, all within `ms`. */
    drain(ms: number): Promise<void>
  }

const realWorld: Outside = {
  clock: systemClock,
  random: Math.random,
  log: silentLog,
  thread: undefined,
  version: '0.0.0',
  boardDirectory: undefined,
}

/**
 * Builds the monitor and starts it. `load` is asked again when one of the configuration's files changes.
 * @throws {ListenError} when an address cannot be had
 * @throws {StoreError} when the store cannot be used as configured
 */
export async function startApp(
  config: Config,
  load: () => Promise<Config>,
  outside: Partial<Outside> = {},
): Promise<App> {
  const world: Outside = { ...realWorld, ...outside }
  await using starting = new AsyncDisposableStack()
  const opened = await openStore(config, world, starting)
  const changed = () => void core.threads.stand(standing())
  const core = buildCore(config, world, { opened, parts: starting, onHistory: changed })
  warnOfAnonymity(config, world.log.child({ room: 'config' }))
  const life: Life = { stage: 'starting', canary: undefined }
  const reloader = reloaderOf(core, config, {
    log: world.log,
    load,
    onRead: (files) => watching.watch(files),
  })
  const readiness = () => readinessAt(life, core.recorder.isUp)
  const standing = () => ({ readiness: readiness(), apiKeys: reloader.current.auth.apiKeys })
  const reload = async () => {
    const outcome = await reloader.reload()
    await core.threads.stand(standing())
    return outcome
  }
  const watching = starting.use(watchingFiles(config.files, world.clock, () => void reload()))
  const house = { config, world, doors: { standing, reload } }
  const { http, admin } = await openListeners(core, house, starting)
  life.canary = canaryOf(core, { config, world, http, changed }, starting)
  life.stage = 'ready'
  await core.threads.stand(standing())

  const running = starting.move()
  return {
    ...core,
    hub: core.gateway.hub,
    url: urlOf(http),
    metricsUrl: urlOf(admin),
    reload,
    async drain(ms) {
      life.stage = 'draining'
      life.canary?.[Symbol.dispose]()
      void core.threads.stand(standing())
      const { gateway, threads, prober } = core
      await Promise.all([gateway.hub.drain(ms), threads.drain(ms), prober.stop(ms)])
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function reloaderOf(
  { catalogue, windows, metrics }: Core,
  config: Config,
  how: Pick<ConstructorParameters<typeof Reloader>[1], 'log' | 'load' | 'onRead'>,
): Reloader {
  const log = how.log.child({ room: 'config' })
  return new Reloader(config, {
    ...how,
    catalogue,
    windows,
    log,
    reloaded: (ok) => metrics.reloaded(ok),
  })
}

/** Watches the files it was told of last; none once it is disposed of, though a reload may still be under way. */
function watchingFiles(first: Config['files'], clock: Clock, onChange: () => void) {
  let current: Disposable | undefined = watchFiles(first, { clock, onChange })
  let isOver = false
  return {
    watch(files: Config['files']): void {
      current?.[Symbol.dispose]()
      if (!isOver) current = watchFiles(files, { clock, onChange })
    },
    [Symbol.dispose](): void {
      isOver = true
      current?.[Symbol.dispose]()
    },
  }
}

/** A payer that is probed should be able to ask by whom. */
function warnOfAnonymity({ endpoints, probing }: Config, log: Log): void {
  const isPublic = endpoints.some(
    ({ network, notProbeable }) => network === 'public' && !notProbeable,
  )
  const problem =
    'probing.user_agent_contact is not set: payers cannot tell whom to ask about these probes'
  if (isPublic && probing.userAgentContact === '') log.warn({ problem }, 'configuration warning')
}

/** A client of our own, on the door that was opened; `parts` takes over to stop it. */
function canaryOf(
  { bus, gateway, metrics }: Core,
  { config, world, http, changed }: CanaryParts,
  parts: AsyncDisposableStack,
): Canary | undefined {
  if (!config.hub.canary) return undefined
  const { canarySecret: secret, threads } = gateway.settings
  const canary = parts.use(
    new Canary({
      clock: world.clock,
      log: world.log.child({ room: 'canary' }),
      url: `${urlOf(http).replace('http', 'ws')}/ws`,
      secret,
      threads,
      heartbeat: config.hub.heartbeat,
      rev: () => bus.rev,
      changed,
    }),
  )
  metrics.add((registry) => registerCanary(registry, () => canary.figures))
  return canary
}

type CanaryParts = {
  config: Config
  world: Outside
  http: { host: string; port: number }
  changed: () => void
}

/** How far the monitor has come, and its canary once it has one. */
type Life = { stage: 'starting' | 'ready' | 'draining'; canary: Canary | undefined }

/** Whether clients should come here; without history they should all the same, and where the canary never got in. */
function readinessAt({ stage, canary }: Life, history: boolean): Readiness {
  const isReady = stage === 'ready'
  const push = isReady ? (canary?.push ?? 'arrives') : 'arrives'
  const reasons = [
    ...(isReady ? [] : [stage]),
    ...(history ? [] : ['history']),
    ...(push === 'arrives' ? [] : ['push']),
  ]
  return { ready: isReady && push !== 'broken', reasons }
}

/** An address to open; one that means all addresses is none, so this machine's own stands for it. */
function urlOf({ host, port }: { host: string; port: number }): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
