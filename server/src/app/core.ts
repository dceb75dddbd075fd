/** The house without its doors: log, board, hub, keeper, metrics, prober and catalogue, wired to each other. */
import { Board } from '../board/board.ts'
import { Names } from '../board/names.ts'
import { LocalBus } from '../bus/local.ts'
import type { Config } from '../config/config.ts'
import { every } from '../lib/clock.ts'
import { ulid } from '../lib/ids.ts'
import { type GatewaySide, onEntry } from '../pipeline.ts'
import type { Prober, ProberEvents } from '../ports.ts'
import { Hub } from '../serve/hub.ts'
import { Metrics } from '../serve/metrics.ts'
import type { HubSettings } from '../serve/settings.ts'
import { labelsOf } from '../status/judge.ts'
import { Keeper } from '../status/keeper.ts'
import { Catalogue } from './catalogue.ts'
import type { Outside } from './outside.ts'
import { type ProberSettings, startProber } from './prober.ts'
import { ThreadedProber } from './threaded-prober.ts'

/** The wired parts. */
export type Core = {
  bus: LocalBus
  board: Board
  names: Names
  hub: Hub
  metrics: Metrics
  prober: Prober
  catalogue: Catalogue
}

/** How often what may be forgotten is, ms. */
const FORGET_EVERY_MS = 60_000

/** Builds the parts; `parts` takes over what must be ended again, last started first. */
export function buildCore(config: Config, world: Outside, parts: AsyncDisposableStack): Core {
  const { clock, random, log, version } = world
  const bus = parts.use(new LocalBus({ clock, epoch: ulid(clock.now(), random).toLowerCase() }))
  const board = new Board(bus.epoch)
  const names = new Names(board, clock)
  const hubLog = log.child({ room: 'hub' })
  const settings = hubSettings(config, version)
  const hub = parts.use(new Hub({ board, names, clock, random, log: hubLog, settings }))
  const keeper: Keeper = new Keeper({
    payer: (id) => catalogue.payer(id),
    endpointsOf: (payer) => board.endpointsOf(payer),
    stateOf: (id) => board.endpoint(id)?.log.value ?? undefined,
    publish: (record) => void bus.publish(record),
    newIncidentId: () => `inc_${ulid(clock.now(), random)}`,
    now: () => clock.now(),
    defer: queueMicrotask,
  })
  const metrics = parts.use(makeMetrics(config, world, { hub, keeper }))
  const tell = whatTheProberTells({ bus, metrics, catalogue: () => catalogue })
  const prober = parts.use(
    makeProber(config, world, { tell, knownStates: () => [...board.endpoints()] }),
  )
  const catalogue = new Catalogue({
    clock,
    prober,
    stateOf: (id) => board.endpoint(id)?.log.value ?? undefined,
    publish: (record) => void bus.publish(record),
    onPayer: (id) => keeper.markDirty(id),
  })
  bus.answer(({ endpoint }) => prober.probeNow(endpoint))
  follow({ bus, board, keeper, metrics, hub }, log.child({ room: 'pipeline' }))
  parts.defer(forgetting(config.hub.remember, world, { bus, board }))
  return { bus, board, names, hub, metrics, prober, catalogue }
}

function hubSettings({ hub, limits, probing }: Config, version: string): HubSettings {
  const server = `payer-status-monitor/${version}`
  return { ...hub, ...limits, server, node: probing.vantage }
}

function makeMetrics(
  config: Config,
  { clock, log, version }: Outside,
  { hub, keeper }: { hub: Hub; keeper: Keeper },
): Metrics {
  return new Metrics({
    clock,
    log: log.child({ room: 'metrics' }),
    version,
    endpointSeries: config.metrics.endpointSeries,
    hub: () => hub.counters,
    openIncidents: () => keeper.openIncidents,
  })
}

/** States go into the log; results are counted. What is told of an endpoint that has just left is dropped. */
function whatTheProberTells(deps: {
  bus: LocalBus
  metrics: Metrics
  catalogue: () => Catalogue
}): ProberEvents {
  const { bus, metrics, catalogue } = deps
  return {
    state(value) {
      const id = value.endpoint
      const endpoint = catalogue().endpoint(id)
      if (endpoint === undefined) return
      void bus.publish({ kind: 'endpoint', id, value: { ...value, ...labelsOf(endpoint) } })
    },
    result(result) {
      const endpoint = catalogue().endpoint(result.endpoint)
      if (endpoint !== undefined) metrics.observeResult(result, endpoint.type)
    },
  }
}

function follow(
  {
    bus,
    board,
    keeper,
    metrics,
    hub,
  }: Pick<Core, 'bus' | 'board' | 'metrics' | 'hub'> & { keeper: Keeper },
  log: GatewaySide['log'],
): void {
  const sinks: GatewaySide['sinks'] = {
    board: (entry) => board.apply(entry),
    keeper: (entry) => keeper.onEntry(entry),
    metrics(entry) {
      if (entry.kind === 'endpoint') metrics.observeState(entry.id, entry.value)
    },
    hub: () => hub.changed(),
  }
  bus.subscribe((entry) => onEntry({ sinks, log }, entry))
}

function forgetting(
  remember: number,
  { clock }: Outside,
  { bus, board }: Pick<Core, 'bus' | 'board'>,
): () => void {
  return every(clock, FORGET_EVERY_MS, () => {
    bus.forget(clock.now() - remember)
    board.forget(clock.now() - remember)
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

function proberSettings({ probing }: Config, version: string): ProberSettings {
  return {
    concurrency: probing.concurrency,
    hostConcurrency: probing.hostConcurrency,
    vantage: probing.vantage,
    control: probing.control,
    userAgent: userAgent(version, probing.userAgentContact),
    dnsMaxAge: probing.dnsMaxAge,
  }
}

/** Who asks, and where to complain. Source: the crawlers' custom of `name/version (+contact)`. */
function userAgent(version: string, contact: string): string {
  return `PayerStatusIO/${version}${contact === '' ? '' : ` (+${contact})`}`
}
