import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Duplex } from 'node:stream'
import type { SecureContext } from 'node:tls'
import type { Tls } from '../config/config.ts'
import type { Network } from '../config/schema.ts'
import type { Clock } from '../lib/clock.ts'
import { Recent } from '../lib/recent.ts'
import { Http2Sessions } from './http2-sessions.ts'
import { IDLE_AGE, MAX_IDLE_PER_ORIGIN } from './idle.ts'
import { secureContext } from './secure-context.ts'

/** Most ways of transport security that are kept ready; beyond it the one not used for longest is made anew. */
const MAX_TLS = 256

/** What picks a connection. Those of public and of private endpoints are never shared, nor those of unlike security. */
export type Route = { secure: boolean; network: Network; alone: boolean; tls: Tls | undefined }

/** The connections of the prober: kept open between probes, or of a request's own. */
export class Connections implements AsyncDisposable {
  readonly #clock: Clock
  readonly #agents: Recent<HttpAgent>
  readonly #contexts: Recent<SecureContext>
  /** What stops the timer of a connection that was idle at least once. */
  readonly #idle = new WeakMap<Duplex, () => void>()
  readonly #ca: string | Buffer | undefined
  /** Those of HTTP/2. */
  readonly http2: Http2Sessions
  #closed = false

  constructor(deps: { clock: Clock; ca?: string | Buffer | undefined }) {
    this.#clock = deps.clock
    this.#ca = deps.ca
    this.http2 = new Http2Sessions(deps.clock)
    this.#contexts = new Recent(MAX_TLS)
    // Connections in use are let go: what becomes idle of them is closed by its age.
    this.#agents = new Recent(8 * MAX_TLS, closeIdle)
  }

  /** True once disposed: what fails then is nobody's fault. */
  get closed(): boolean {
    return this.#closed
  }

  /** The agent for a route. */
  agent(route: Route): HttpAgent {
    const { secure, alone, network, tls } = route
    const key = `${secure} ${alone} ${network} ${(secure && tls?.id) || ''}`
    return this.#agents.get(key, () => this.#create(route))
  }

  #create({ secure, alone, tls }: Route): HttpAgent {
    const options = { keepAlive: !alone, maxFreeSockets: MAX_IDLE_PER_ORIGIN }
    const agent = secure
      ? new HttpsAgent({ ...options, secureContext: this.context(tls), maxCachedSessions: 0 })
      : new HttpAgent(options)
    return this.#withIdleAge(agent)
  }

  /** The secure context for `tls`: making one costs as much as a probe. */
  context(tls: Tls | undefined): SecureContext {
    return this.#contexts.get(tls?.id ?? '', () => secureContext(tls, this.#ca))
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
    this.http2[Symbol.dispose]()
    this.#contexts.clear()
  }
}

function closeIdle(agent: HttpAgent): void {
  for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy()
}
