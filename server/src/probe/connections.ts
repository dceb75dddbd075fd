import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Duplex } from 'node:stream'
import { createSecureContext } from 'node:tls'
import type { Network } from '../config/schema.ts'
import type { Clock } from '../lib/clock.ts'

/** How long an idle connection is kept, ms. */
const IDLE_AGE = 60_000
/** Most idle connections kept to one origin. */
const MAX_IDLE_PER_ORIGIN = 4

/** What picks a connection. Those of public and of private endpoints are never shared. */
export type Route = { secure: boolean; network: Network; alone: boolean }

/** The connections of the prober: kept open between probes, or of a request's own. */
export class Connections implements AsyncDisposable {
  readonly #clock: Clock
  readonly #agents = new Map<string, HttpAgent>()
  readonly #secureContext
  /** What stops the timer of a connection that was idle at least once. */
  readonly #idle = new WeakMap<Duplex, () => void>()
  #closed = false

  constructor(deps: { clock: Clock; ca?: string | Buffer | undefined }) {
    this.#clock = deps.clock
    this.#secureContext = createSecureContext({ ca: deps.ca, minVersion: 'TLSv1.2' })
  }

  /** True once disposed: what fails then is nobody's fault. */
  get closed(): boolean {
    return this.#closed
  }

  /** The agent for a route. */
  agent(route: Route): HttpAgent {
    const key = `${route.secure} ${route.alone} ${route.network}`
    const agent = this.#agents.get(key) ?? this.#create(route)
    this.#agents.set(key, agent)
    return agent
  }

  #create({ secure, alone }: Route): HttpAgent {
    const options = { keepAlive: !alone, maxFreeSockets: MAX_IDLE_PER_ORIGIN }
    const agent = secure
      ? new HttpsAgent({ ...options, secureContext: this.#secureContext, maxCachedSessions: 0 })
      : new HttpAgent(options)
    return this.#withIdleAge(agent)
  }

  /** Node would measure idleness with timers of its own; here it goes by the clock. */
  #withIdleAge(agent: HttpAgent): HttpAgent {
    const keep = agent.keepSocketAlive.bind(agent)
    const reuse = agent.reuseSocket.bind(agent)
    agent.keepSocketAlive = (socket) => {
      if (!this.#idle.has(socket)) socket.once('close', () => this.#idle.get(socket)?.())
      this.#idle.set(
        socket,
        this.#clock.after(IDLE_AGE, () => socket.destroy()),
      )
      return keep(socket)
    }
    agent.reuseSocket = (socket, request) => {
      this.#idle.get(socket)?.()
      reuse(socket, request)
    }
    return agent
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    for (const agent of this.#agents.values()) agent.destroy()
    this.#agents.clear()
  }
}
