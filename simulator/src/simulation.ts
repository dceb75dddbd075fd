import type { PayerPlan } from './catalog.ts'
import type { Clock } from './clock.ts'
import { configYaml } from './config-yaml.ts'
import { Control } from './control.ts'
import { FAMILIES } from './exchange.ts'
import { type Fault, isWhole, MAX_MS, wholeReason } from './fault.ts'
import { Listener } from './listener.ts'
import type { RequestCounts, SimulatedEndpoint, SimulatedPayer, Simulator } from './model.ts'
import { writeScript } from './script.ts'
import { answerRequest, type Station } from './station.ts'
import { Weather } from './weather.ts'

/** How often it is looked which ports the script closes. */
const TICK_MS = 250

type Deps = {
  seed: number
  plans: readonly PayerPlan[]
  clock: Clock
  host: string
  scripted: boolean
  shared: boolean
}

/** The running simulator: the ports, who lives behind them, and the weather. */
export class Simulation implements Simulator {
  readonly #deps: Deps
  readonly #weather: Weather
  readonly #control: Control
  /** Who lives behind each port. */
  readonly #ports = new Map<Listener, SimulatedEndpoint[]>()
  readonly #stations = new Map<string, Station>()
  #payers: readonly SimulatedPayer[] = []
  #cancelTick: () => void = () => {}

  constructor(deps: Deps) {
    const { seed, plans, clock, scripted } = deps
    const script = scripted ? writeScript(seed, plans) : undefined
    this.#deps = deps
    this.#weather = new Weather({ clock, script, changed: () => this.#setPorts() })
    this.#control = new Control(this)
  }

  get seed(): number {
    return this.#deps.seed
  }

  get payers(): readonly SimulatedPayer[] {
    return this.#payers
  }

  get control(): string {
    return this.#control.url
  }

  /** Opens every port, and lets the script begin. */
  async listen(): Promise<void> {
    const { plans, shared, scripted } = this.#deps
    const common = shared ? await this.#openPort() : undefined
    const payers: SimulatedPayer[] = []
    for (const plan of plans) payers.push(this.#settle(plan, common ?? (await this.#openPort())))
    this.#payers = payers
    await this.#control.listen()
    this.#weather.begin()
    if (scripted) this.#tick()
  }

  async force(id: string, fault: Fault, { forMs }: { forMs?: number } = {}): Promise<void> {
    const { listener } = this.#station(id)
    if (fault.kind === 'refuse' && this.#deps.shared) {
      throw new RangeError('fault: expected another than refuse, since all payers share one port')
    }
    if (forMs !== undefined && !isWhole(forMs, 1, MAX_MS)) {
      throw new RangeError(wholeReason('forMs', 1, MAX_MS))
    }
    this.#weather.force(id, fault, forMs)
    await listener.settled()
  }

  async clear(id?: string): Promise<void> {
    const stations = id === undefined ? [...this.#stations.values()] : [this.#station(id)]
    for (const { endpoint } of stations) this.#weather.clear(endpoint.id)
    await Promise.all(stations.map(({ listener }) => listener.settled()))
  }

  fault(id: string): { fault: Fault; forced: boolean } {
    const { endpoint } = this.#station(id)
    return { fault: this.#weather.scene(endpoint).fault, forced: this.#weather.isForced(id) }
  }

  requests(id: string): RequestCounts {
    return { ...this.#station(id).counts }
  }

  configYaml({ interval }: { interval: string }): string {
    return configYaml(this.#payers, interval)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancelTick()
    this.#weather[Symbol.dispose]()
    const open = [this.#control, ...this.#ports.keys()]
    await Promise.all(open.map((it) => it[Symbol.asyncDispose]()))
  }

  #station(id: string): Station {
    const station = this.#stations.get(id)
    if (station === undefined) throw new RangeError('endpoint: expected the id of one that exists')
    return station
  }

  async #openPort(): Promise<Listener> {
    const { host, clock } = this.#deps
    const listener = new Listener({
      host,
      clock,
      onRequest: (request, response) => {
        const deps = {
          clock,
          weather: this.#weather,
          stationAt: (id: string) => this.#at(listener, id),
        }
        void answerRequest(deps, request, response)
      },
    })
    this.#ports.set(listener, [])
    await listener.listen()
    return listener
  }

  #at(listener: Listener, id: string): Station | undefined {
    const station = this.#stations.get(id)
    return station?.listener === listener ? station : undefined
  }

  #settle(plan: PayerPlan, listener: Listener): SimulatedPayer {
    const { host } = this.#deps
    const { port } = listener
    const origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
    const endpoints = plan.endpoints.map((endpoint): SimulatedEndpoint => {
      const watch = FAMILIES[endpoint.family].watch(endpoint)
      return { ...endpoint, port, url: `${origin}/${endpoint.id}${watch.path}`, watch }
    })
    for (const endpoint of endpoints) {
      const counts = { received: 0, answered: 0 }
      this.#stations.set(endpoint.id, { endpoint, listener, counts })
    }
    this.#ports.get(listener)?.push(...endpoints)
    return { ...plan, endpoints }
  }

  #tick(): void {
    this.#setPorts()
    this.#cancelTick = this.#deps.clock.after(TICK_MS, () => this.#tick())
  }

  /** Closes and opens ports as the weather wants it; a port that all share stays open. */
  #setPorts(): void {
    if (this.#deps.shared) return
    for (const [listener, endpoints] of this.#ports) listener.set(!this.#weather.closes(endpoints))
  }
}
