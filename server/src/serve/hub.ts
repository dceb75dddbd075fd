import { CloseCode } from '@payer-status/protocol'
import type { Board } from '../board/board.ts'
import type { Names } from '../board/names.ts'
import type { Clock, Log, Random, Socket } from '../ports.ts'
import { Admission, type NotAdmitted, Place } from './admission.ts'
import { CANARY } from './canary-pass.ts'
import { closeAtRandom } from './drain.ts'
import { FanOut } from './fan-out.ts'
import { encodeFrame } from './frames.ts'
import type { HeadCount } from './head-count.ts'
import { type Channel, type HubCounters, newHubCounters } from './hub-counters.ts'
import { Liveness } from './liveness.ts'
import type { Refused } from './refusal.ts'
import { type Desk, Session } from './session.ts'
import type { HubSettings, Peer } from './settings.ts'
import type { Subscription } from './subscription.ts'
import { understandV1, V1_EVERYTHING } from './v1.ts'
import { hello, understandV2 } from './v2.ts'

/** What the hub is made from. */
export type HubDeps = {
  board: Board
  names: Names
  clock: Clock
  random: Random
  log: Log
  settings: HubSettings
  /** How many clients are told between two looks at the clock. */
  step?: number
  /** The clients of all threads, where there are several. */
  clients?: HeadCount | undefined
}

/** More at a time gains nothing; fewer cost more looks at the clock. */
const STEP = 16
/** RFC 6455 section 7.4.1: an endpoint is going away. */
const GOING_AWAY = 1001
/** What clients are told before this node goes away. */
const RECONNECT_AFTER_MS: [number, number] = [500, 8_000]
/** Connections live for the configured age, give or take this share, so that they do not all end together. */
const AGE_SPREAD = 0.1

/** What a client hears that comes while this node is going away. */
const LEAVING = { message: 'this node is going away', retryAfterMs: 2_000 }

/** Every connected client: lets them in, tells them what changes, sees them out. */
export class Hub implements AsyncDisposable {
  readonly counters: HubCounters = newHubCounters()
  readonly #admission: Admission
  readonly #deps: HubDeps
  readonly #desk: Desk
  readonly #fanOut: FanOut
  readonly #liveness: Liveness
  readonly #sessions = new Set<Session>()
  #hellos: { rev: number; v2?: Buffer; sse?: Buffer } = { rev: -1 }
  #nextId = 1
  #isDraining = false
  #emptied: () => void = () => {}

  constructor(deps: HubDeps) {
    const { board, names, clock, random, log, settings, step = STEP } = deps
    const { counters } = this
    const fanOut = new FanOut({ board, clock, counters, log, tick: settings.tick, step })
    this.#deps = deps
    this.#fanOut = fanOut
    this.#admission = new Admission(settings, deps)
    this.#desk = {
      board,
      names,
      clock,
      counters,
      settings,
      get sweptRev() {
        return fanOut.sweptRev
      },
      subscribe: (session, subscription) => this.subscribe(session, subscription),
      unsubscribe: (session) => fanOut.unsubscribe(session.feed),
      fellOut: (feed) => fanOut.fellOut(feed),
      drained: (session) => fanOut.drained(session.feed),
      leave: (session) => this.leave(session),
    }
    this.#liveness = new Liveness(this.#desk, {
      late: fanOut.late,
      ageLimit: () => settings.maxAge * (1 + AGE_SPREAD * (2 * random() - 1)),
      takeLateness: () => fanOut.takeLateness(),
      afterRound: () => fanOut.release(),
    })
  }

  /** Connected clients, our own canary among them. */
  get size(): number {
    return this.#sessions.size
  }

  /** Gives a place to a client at `remote`, on any channel, or says why not. */
  admit(remote: string): Place | Refused {
    const place = this.#isDraining ? LEAVING : this.#placeFor(remote)
    if ('message' in place) return { status: 503, code: 'overloaded', ...place }
    this.#fanOut.newcomer()
    return place
  }

  /** The board has changed: everybody who wants it hears of it at the next tick. */
  changed(): void {
    this.#fanOut.changed()
  }

  /** Takes a client in. v2 and SSE hear `hello` first; v1 hears every new result from now on. */
  join(socket: Socket, channel: Channel, remote: string): Session {
    const peer: Peer = socket
    const understand = channel === 'v1' ? understandV1 : understandV2
    const id = `s${this.#nextId++}`
    const session = new Session({ id, socket: peer, channel, remote, desk: this.#desk, understand })
    this.#sessions.add(session)
    if (session.isClient) this.counters.connections[channel]++
    this.#liveness.add(session)
    this.#deps.log.debug({ session: id, kind: channel, remote }, 'client joined')
    if (channel === 'v1') this.subscribe(session, { filter: V1_EVERYTHING, detail: 'result' })
    else this.#greet(session, channel)
    return session
  }

  /** Replaces what a session wants to be told. */
  subscribe(session: Session, { filter, detail, since }: Subscription): void {
    if (session.isClosed) return
    this.#fanOut.subscribe(session.feed, { channel: session.channel, filter, detail }, since)
  }

  /** Forgets a session. Its socket is not touched. */
  leave(session: Session): void {
    if (!this.#sessions.delete(session)) return
    this.#fanOut.unsubscribe(session.feed)
    this.#liveness.delete(session)
    if (session.isClient) this.counters.connections[session.channel]--
    this.#deps.log.debug({ session: session.id, kind: session.channel }, 'client left')
    if (this.#sessions.size > 0) return
    this.#liveness.stop()
    this.#emptied()
  }

  /** Tells everybody that this node goes away, then closes all at random moments within `withinMs`. */
  async drain(withinMs: number): Promise<void> {
    this.#isDraining = true
    for (const session of [...this.#sessions])
      session.reply({ type: 'drain', reconnectAfterMs: RECONNECT_AFTER_MS })
    if (this.#sessions.size === 0) return
    const { clock, random } = this.#deps
    await new Promise<void>((resolve) => {
      const close = (session: Session) => this.#farewell(session)
      const stop = closeAtRandom([...this.#sessions], { clock, random, withinMs, close })
      this.#emptied = () => {
        stop()
        resolve()
      }
    })
  }

  /** Closes everybody now. */
  closeAll(): void {
    this.#isDraining = true
    for (const session of [...this.#sessions]) this.#farewell(session)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closeAll()
    this.#fanOut.stop()
    this.#liveness.stop()
  }

  /** The canary comes in whatever the limits: it has to tell an overloaded monitor from a broken one. */
  #placeFor(remote: string): Place | NotAdmitted {
    return remote === CANARY ? new Place(undefined, remote) : this.#admission.admit(remote)
  }

  /** Says `hello`, which is the same for everybody who comes at one position. */
  #greet(session: Session, channel: 'v2' | 'sse'): void {
    const { board } = this.#deps
    if (this.#hellos.rev !== board.rev) this.#hellos = { rev: board.rev }
    this.#hellos[channel] ??= this.#encodeHello(channel)
    session.send(this.#hellos[channel])
  }

  #encodeHello(channel: 'v2' | 'sse'): Buffer {
    this.counters.framesEncoded++
    return encodeFrame(channel, hello(this.#desk), this.#deps.board.epoch)
  }

  /** Clients of v1 know no codes from 4000 on. */
  #farewell(session: Session): void {
    if (session.channel === 'v1') session.close(GOING_AWAY, 'going away')
    else session.close(CloseCode.Draining, 'draining')
  }
}
