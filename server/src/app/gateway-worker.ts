import { Board } from '../board/board.ts'
import type { Bus, History } from '../ports.ts'
import { GatewayMetrics } from '../serve/gateway-metrics.ts'
import {
  type Gateway,
  type GatewayWorld,
  makeGateway,
  openGateway,
  plainCounters,
  type Standing,
} from './gateway.ts'
import type { Beginning, GatewayQuestion, GatewayStart, Told } from './gateway-messages.ts'

type WorkerDeps = {
  start: GatewayStart
  world: GatewayWorld
  /** Sends commands to the main thread. */
  bus: Pick<Bus, 'request'>
  /** Asks the main thread, which has the store. */
  history: History
}

/** A gateway on a board of its own, which does what the main thread tells. */
export class GatewayWorker implements AsyncDisposable {
  readonly #deps: WorkerDeps
  readonly #parts = new AsyncDisposableStack()
  #gateway: Gateway | undefined
  #metrics: GatewayMetrics | undefined
  #standing: Standing = { readiness: { ready: false, reasons: ['starting'] }, apiKeys: [] }

  constructor(deps: WorkerDeps) {
    this.#deps = deps
  }

  /** Does what it is told, once it has begun. */
  take(told: Told): void {
    const { board, hub } = this.#begun
    if (told.say === 'forget') {
      board.forget(told.time)
      return
    }
    for (const entry of told.entries) board.apply(entry)
    hub.changed()
  }

  /** Answers a question of the main thread. */
  async answer(question: GatewayQuestion): Promise<unknown> {
    if (question === 'metrics') return await this.#metrics?.json()
    if (question === 'stats') return plainCounters(this.#begun.hub.counters)
    if ('begin' in question) return await this.#begin(question.begin)
    if ('drain' in question) return await this.#begun.hub.drain(question.drain)
    this.#standing = question.stand
    return undefined
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.disposeAsync()
  }

  get #begun(): Gateway {
    if (this.#gateway === undefined) throw new Error('the gateway thread has not begun')
    return this.#gateway
  }

  async #begin({ board, standing, at }: Beginning): Promise<{ host: string; port: number }> {
    const { start, world, bus, history } = this.#deps
    this.#standing = standing
    const { settings, shares, startedAt } = start
    const gateway = makeGateway({ board: Board.from(board), world, settings, shares })
    this.#gateway = gateway
    this.#parts.use(gateway.hub)
    const metrics = this.#parts.use(new GatewayMetrics(() => gateway.hub.counters))
    this.#metrics = metrics
    const links = {
      bus,
      history,
      startedAt,
      standing: () => this.#standing,
      answered: (answer: Parameters<typeof metrics.answered>[0]) => metrics.answered(answer),
    }
    return await openGateway(gateway, { links, at }, this.#parts)
  }
}
