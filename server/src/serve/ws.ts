/** The only file that knows the `ws` package. */
import { EventEmitter } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  type RawData,
  type ServerOptions,
  type Server as SocketServer,
  WebSocket,
  WebSocketServer,
} from 'ws'
import type { Clock, Log } from '../ports.ts'
import type { Place } from './admission.ts'
import { Asking } from './asking.ts'
import { CANARY, type CanaryPass, isCanary, THREAD_HEADER } from './canary-pass.ts'
import { readHandshake, subprotocolOf } from './handshake.ts'
import type { Hub } from './hub.ts'
import { countHandshake, type Refused, refusalText } from './refusal.ts'
import type { Session } from './session.ts'
import { WsPeer } from './ws-peer.ts'

/** What the acceptor is made from. */
export type AcceptDeps = {
  hub: Hub
  /** Judges Host and Origin before anything else. */
  guard: (request: IncomingMessage) => { status: number; message: string } | undefined
  clock: Clock
  limits: { frameBytes: number; unacknowledged: number }
  log: Log
  /** What our own canary is known by; undefined where there is none. */
  canary?: CanaryPass | undefined
}

/** A frame up to this is read, so that a client hears what was wrong with it; OWASP's largest for WebSockets. */
const LARGEST_READ = 64 * 1024
/** Against memory exhaustion by tiny fragments and chunks, which the package allows by the hundred thousand. */
const MAX_FRAGMENTS = 16
const MAX_BUFFERED_CHUNKS = 256
const CLOSE_TIMEOUT_MS = 5_000
/** What has arrived is asked when so large a share of what may be unacknowledged is: an answer costs as much as a write. */
const ASK_SHARE = 3 / 4
/** How long sockets may take to say goodbye when the server stops. */
const FAREWELL_MS = 1_000

/** Lets the hub answer WebSocket handshakes on the server. Disposing it ends every socket it has let in. */
export function acceptSockets(server: Server, deps: AcceptDeps): AsyncDisposable {
  const open = new Set<Client>()
  const sockets = new WebSocketServer<typeof Client>({
    noServer: true,
    maxPayload: Math.max(deps.limits.frameBytes, LARGEST_READ),
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    perMessageDeflate: false,
    clientTracking: false,
    WebSocket: Client,
    skipUTF8Validation: false,
    handleProtocols: namedProtocol,
  } as ServerOptions<typeof Client>) // its types do not know closeTimeout yet
  const asking = new Asking({ clock: deps.clock, above: deps.limits.unacknowledged * ASK_SHARE })
  sockets.on('headers', (headers, request) => {
    const { canary } = deps
    if (canary && isCanary(request, canary)) headers.push(`${THREAD_HEADER}: ${canary.thread}`)
  })
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    accept({ ...deps, sockets, open, asking }, { request, socket, head })
  server.on('upgrade', upgrade)
  return {
    async [Symbol.asyncDispose]() {
      server.off('upgrade', upgrade)
      sockets.close()
      await farewell(open, deps.clock)
    },
  }
}

type Upgrade = { request: IncomingMessage; socket: Duplex; head: Buffer }
type Acceptor = AcceptDeps & {
  sockets: SocketServer<typeof Client>
  open: Set<Client>
  asking: Asking
}

function accept(deps: Acceptor, { request, socket, head }: Upgrade): void {
  const { hub, log, sockets } = deps
  const isOurs = isCanary(request, deps.canary)
  const remote = isOurs ? CANARY : (request.socket.remoteAddress ?? '')
  socket.on('error', destroy)
  const entry = judge(deps, { request, head, remote })
  if ('status' in entry) {
    if (!isOurs) countHandshake(hub.counters.handshakes, entry.status)
    log.debug({ remote, code: entry.code }, 'client refused')
    socket.end(refusalText(entry), () => socket.destroy())
    return
  }
  let isIn = false
  socket.cork() // the answer and what the hub says first leave in one write
  sockets.handleUpgrade(request, socket, head, (client) => {
    isIn = true
    if (!isOurs) countHandshake(hub.counters.handshakes, 101)
    client.welcome(deps, { socket, remote, ...entry })
  })
  socket.uncork()
  if (!isIn) entry.place.release()
}

function destroy(this: Duplex): void {
  this.destroy()
}

/** Whether a client may come in, and how it will be spoken to. */
function judge(
  { hub, guard }: AcceptDeps,
  { request, head, remote }: { request: IncomingMessage; head: Buffer; remote: string },
): { channel: 'v1' | 'v2'; place: Place } | Refused {
  const forbidden = guard(request)
  if (forbidden) return { code: PROBLEM_OF_STATUS[forbidden.status] ?? 'forbidden', ...forbidden }
  const handshake = readHandshake(request, head)
  if ('status' in handshake) return handshake
  const place = hub.admit(remote)
  if ('status' in place) return place
  return { channel: handshake.subprotocol === 'payer-status-v2' ? 'v2' : 'v1', place }
}

/** The code that the REST side gives the same refusal. */
const PROBLEM_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  421: 'misdirected',
}

type Entry = { socket: Duplex; remote: string; place: Place; channel: 'v1' | 'v2' }

/** A WebSocket that carries what happens to it to its session. There are thousands: its listeners are shared. */
class Client extends WebSocket {
  place: Place | undefined
  peer: WsPeer | undefined
  session: Session | undefined
  clients: Set<Client> | undefined

  /** Joins the hub. */
  welcome({ hub, asking, open }: Acceptor, { socket, remote, place, channel }: Entry): void {
    const peer = new WsPeer({ ws: this, socket, asking })
    const session = hub.join(peer, channel, remote)
    this.place = place
    this.peer = peer
    this.session = session
    for (const [event, listener] of LISTENERS) listen.call(this, event, listener)
    socket.on('drain', () => {
      session.alive() // a slow network takes long to answer pings, but it takes
      session.drained()
    })
    this.clients = open
    open.add(this)
  }
}

const listen = EventEmitter.prototype.on

const LISTENERS = Object.entries({
  message: onMessage,
  ping: onPing,
  pong: onPong,
  error: onError,
  close: onClose,
})

function onMessage(this: Client, data: RawData, isBinary: boolean): void {
  this.session?.receive(isBinary ? undefined : textOf(data))
}

function onPing(this: Client): void {
  this.session?.pinged()
}

function onPong(this: Client, data: Buffer): void {
  const tookMs = this.peer?.ponged(data)
  this.session?.alive(tookMs)
  if (tookMs !== undefined) this.session?.drained()
}

function onError(this: Client, error: NodeJS.ErrnoException): void {
  this.session?.gone(CODE_OF_ERROR[error.code ?? ''] ?? '1002', 'server')
}

function onClose(this: Client, code: number): void {
  this.clients?.delete(this)
  this.place?.release()
  this.session?.gone(countedCode(code), 'client')
}

function textOf(data: unknown): string {
  return Buffer.isBuffer(data) ? data.toString() : ''
}

/** The close codes that the package answers a bad frame with. */
const CODE_OF_ERROR: Readonly<Record<string, string>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: '1009',
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: '1009',
  WS_ERR_INVALID_UTF8: '1007',
  WS_ERR_TOO_MANY_BUFFERED_PARTS: '1008',
}

const COUNTED_CODES = new Set([1000, 1001, 1006])

/** Clients may send any code; counting each would let them fill our memory. */
function countedCode(code: number): string {
  return COUNTED_CODES.has(code) ? String(code) : 'other'
}

function namedProtocol(_offered: Set<string>, { headers }: IncomingMessage): string | false {
  const chosen = subprotocolOf(headers['sec-websocket-protocol'])
  return 'isNamed' in chosen && chosen.isNamed ? chosen.subprotocol : false
}

async function farewell(open: ReadonlySet<WebSocket>, clock: Clock): Promise<void> {
  for (const ws of open) ws.close(1001, 'going away')
  if (open.size === 0) return
  await new Promise<void>((resolve) => {
    const cancel = clock.after(FAREWELL_MS, () => {
      for (const ws of open) ws.terminate()
    })
    const check = () => {
      if (open.size > 0) return
      cancel()
      resolve()
    }
    for (const ws of open) ws.once('close', check)
  })
}
