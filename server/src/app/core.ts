/** The house without its doors: log, board, hub, keeper, metrics, prober and catalogue, wired to each other. */
import { randomBytes } from 'node:crypto'
import type { Board } from '../board/board.ts'
import { LocalBus } from '../bus/local.ts'
import type { Config } from '../config/config.ts'
import { every } from '../lib/clock.ts'
import { ulid } from '../lib/ids.ts'
import { type GatewaySide, onEntry } from '../pipeline.ts'
import type { History, Prober, ProberEvents } from '../ports.ts'
import { Metrics } from '../serve/metrics.ts'
import { registerPeople } from '../serve/people-metrics.ts'
import { headCountMemory } from '../serve/shared-head-count.ts'
import type { StoreState } from '../serve/store-metrics.ts'
import { registerWindows } from '../serve/window-metrics.ts'
import { uncovered } from '../status/cover.ts'
import { Keeper } from '../status/keeper.ts'
import type { WindowKeeper } from '../status/window-keeper.ts'
import { Catalogue } from './catalogue.ts'
import { type Gateway, type GatewaySettings, makeGateway } from './gateway.ts'
import type { GatewayStart } from './gateway-messages.ts'
import { GatewayThreads } from './gateway-threads.ts'
import { makeWindows } from './maintenance.ts'
import type { Outside } from './outside.ts'
import { boardOf } from './past.ts'
import { makePeople } from './people.ts'
import { startProber } from './prober.ts'
import { proberSettings } from './prober-settings.ts'
import type { Recorder } from './recorder.ts'
import { type Beginnings, makeRecorder, watchingStore } from './recording.ts'
import { threadFile } from './supervised-thread.ts'
import { whatTheProberTells } from './telling.ts'
import { ThreadedProber } from './threaded-prober.ts'
import { Traces } from './traces.ts'

/** The wired parts. */
export type Core = {
  /** Epoch ms. */
  startedAt: number
  bus: LocalBus
  board: Board
  history: History
  /** The main thread's, and those beside it. */
  gateway: Gateway
  threads: GatewayThreads
  metrics: Metrics
  prober: Prober
  catalogue: Catalogue
  recorder: Recorder
  traces: Traces
  windows: WindowKeeper
}

/** How often what may be forgotten is, ms. */
const FORGET_EVERY_MS = 60_000

/** Builds the parts. */
export function buildCore(config: Config, world: Outside, beginnings: Beginnings): Core {
  const { clock, log } = world
  const { opened, parts } = beginnings
  const { past, store: history } = opened
  const bus = parts.use(new LocalBus({ clock, ...past }))
  const board = boardOf(past)
  const startedAt = clock.now()
  const { gateway, threads } = makeGateways(config, world, { board, bus, history, startedAt })
  parts.use(gateway.hub)
  const windows = parts.use(makeWindows(world, { bus, board }))
  const keeper = parts.use(makeKeeper(world, { bus, board, catalogue: () => catalogue }))
  const storeState = watchingStore(world, beginnings, () => recorder)
  const measured = { gateway, threads, keeper, windows, storeState }
  const metrics = parts.use(makeMetrics(config, world, measured))
  const recorder = parts.use(makeRecorder(config, world, { ...beginnings, bus, metrics }))
  const followers = { bus, board, keeper, metrics, gateway, threads, recorder, windows }
  const tell = whatTheProberTells({ ...followers, catalogue: () => catalogue })
  const knownStates = () => Array.from(board.endpoints(), uncovered)
  const prober = parts.use(makeProber(config, world, { tell, knownStates }))
  const catalogue = makeCatalogue(clock, { bus, board, prober, keeper, windows })
  bus.answer({ probe: ({ endpoint, patience }) => prober.probeNow(endpoint, patience) })
  follow(followers, log.child({ room: 'pipeline' }))
  const people = parts.use(makePeople(world, { bus, board, catalogue }))
  metrics.add((registry) => registerPeople(registry, people.figures))
  parts.defer(forgetting(config.hub.remember, world, [bus, board, threads]))
  const traces = new Traces({ clock, prober, catalogue })
  return {
    startedAt,
    bus,
    board,
    history,
    gateway,
    threads,
    metrics,
    prober,
    catalogue,
    recorder,
    traces,
    windows,
  }
}

/** It knows the states that lie beneath announced maintenance. */
function makeCatalogue(
  clock: Outside['clock'],
  house: Pick<Core, 'bus' | 'board' | 'prober' | 'windows'> & { keeper: Keeper },
): Catalogue {
  const { bus, board, prober, keeper, windows } = house
  return new Catalogue({
    clock,
    prober,
    stateOf(id) {
      const state = board.endpoint(id)?.log.value
      return state ? uncovered(state) : undefined
    },
    known: () => idsOn(board),
    publish: (record) => void bus.publish(windows.over(record)),
    onPayer: (id) => keeper.markDirty(id),
  })
}

/** What is on the board, by id. */
function idsOn(board: Board): { endpoints: string[]; payers: string[] } {
  return {
    endpoints: Array.from(board.endpoints(), ({ endpoint }) => endpoint),
    payers: Array.from(board.payers(), ({ payer }) => payer),
  }
}

function makeKeeper(
  { clock, random }: Outside,
  { bus, board, catalogue }: Pick<Core, 'bus' | 'board'> & { catalogue: () => Catalogue },
): Keeper {
  return new Keeper({
    payer: (id) => catalogue().payer(id),
    whereIs: (id) => catalogue().endpoint(id),
    endpointsOf: (payer) => board.endpointsOf(payer),
    stateOf: (id) => board.endpoint(id)?.log.value ?? undefined,
    publish: (record) => void bus.publish(record),
    newIncidentId: () => `inc_${ulid(clock.now(), random)}`,
    now: () => clock.now(),
    defer: queueMicrotask,
    after: (ms, run) => clock.after(ms, run),
  })
}

/** The gateway of this thread, and the threads beside it if there are to be any. */
function makeGateways(
  { server, limits, hub, auth, gateway, probing }: Config,
  world: Outside,
  { startedAt, ...house }: Pick<Core, 'board' | 'bus' | 'history' | 'startedAt'>,
): Pick<Core, 'gateway' | 'threads'> {
  const threads = world.thread === undefined ? 1 : gateway.threads
  const canarySecret = randomBytes(32).toString('hex')
  const settings = { server, limits, hub, auth, node: probing.vantage, threads, canarySecret }
  const start = threads === 1 ? undefined : gatewayStart(settings, world, startedAt)
  const { clock, log, gatewayEntry: entry = threadFile('gateway-thread') } = world
  return {
    gateway: makeGateway({ board: house.board, world, settings, shares: start?.shares }),
    threads: new GatewayThreads({ ...house, start, entry, clock, log: log.child({ room: 'app' }) }),
  }
}

function gatewayStart(
  settings: GatewaySettings,
  { version, boardDirectory, random, thread: log }: Outside,
  startedAt: number,
): GatewayStart | undefined {
  if (log === undefined) return undefined
  const memory = () => headCountMemory(settings.threads, random())
  const shares = { clients: memory(), connections: memory(), thread: 0 }
  return { settings, shares, log, version, boardDirectory, startedAt }
}

type MeasuredParts = Pick<Core, 'gateway' | 'threads' | 'windows'> & {
  keeper: Keeper
  storeState: () => StoreState
}

function makeMetrics(
  config: Config,
  { clock, log, version }: Outside,
  { gateway, threads, keeper, windows, storeState }: MeasuredParts,
): Metrics {
  const metrics = new Metrics({
    clock,
    log: log.child({ room: 'metrics' }),
    version,
    endpointSeries: config.metrics.endpointSeries,
    hub: () => gateway.hub.counters,
    openIncidents: () => keeper.openIncidents,
    threads: () => ({ serving: 1 + threads.serving, restarts: threads.restarts }),
    store: storeState,
  })
  metrics.add((registry) => registerWindows(registry, () => windows.figures))
  return metrics
}

type Followers = Pick<
  Core,
  'bus' | 'board' | 'metrics' | 'gateway' | 'threads' | 'recorder' | 'windows'
> & { keeper: Keeper }

function follow(followers: Followers, log: GatewaySide['log']): void {
  const { bus, board, keeper, metrics, gateway, threads, recorder, windows } = followers
  const sinks: GatewaySide['sinks'] = {
    board: (entry) => board.apply(entry),
    threads: (entry) => threads.tell(entry),
    windows: (entry) => windows.onEntry(entry),
    keeper: (entry) => keeper.onEntry(entry),
    metrics(entry) {
      if (entry.kind === 'endpoint') metrics.observeState(entry.id, entry.value)
    },
    hub: () => gateway.hub.changed(),
    store: (entry) => recorder.onEntry(entry),
  }
  bus.subscribe((entry) => onEntry({ sinks, log }, entry))
}

function forgetting(
  remember: number,
  { clock }: Outside,
  memories: readonly { forget(time: number): void }[],
): () => void {
  return every(clock, FORGET_EVERY_MS, () => {
    for (const memory of memories) memory.forget(clock.now() - remember)
  })
}

function makeProber(
  config: Config,
  world: Outside,
  links: { tell: ProberEvents; knownStates: ThreadedProberLinks },
): Prober {
  const { clock, random, log, thread, probes, version } = world
  const settings = proberSettings(config, version)
  if (thread !== undefined)
    return new ThreadedProber({ start: { settings, log: thread }, clock, log, ...links })
  let probe = 0
  const probeId = () => `p${++probe}`
  return startProber(settings, links.tell, {
    clock,
    random,
    log,
    probeId,
    ...(probes && { probes }),
  })
}

type ThreadedProberLinks = ConstructorParameters<typeof ThreadedProber>[0]['knownStates']
