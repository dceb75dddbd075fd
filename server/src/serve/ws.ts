/** The only file that knows the `ws` package. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Clock, Log } from '../ports.ts'
import type { Place } from './admission.ts'
import { readHandshake } from './handshake.ts'
import type { Hub } from './hub.ts'
import { countHandshake, type Refused, refusalText } from './refusal.ts'
import type { Session } from './session.ts'
import type { Peer } from './settings.ts'
import { WsPeer } from './ws-peer.ts'

/** What the acceptor is made from. */
export type AcceptDeps = {
  hub: Hub
  /** Judges Host and Origin before anything else. */
  guard: (request: IncomingMessage) => { status: number; message: string } | undefined
  clock: Clock
  limits: { frameBytes: number; unacknowledged: number }
  log: Log
}

/** Against memory exhaustion by tiny fragments and chunks, which the package allows by the hundred thousand. */
/** A frame up to this is read, so that a client hears what was wrong with it; OWASP's largest for WebSockets. */
const LARGEST_READ = 64 * 1024
const MAX_FRAGMENTS = 16
const MAX_BUFFERED_CHUNKS = 256
const CLOSE_TIMEOUT_MS = 5_000
/** Fewer bytes on their way are not worth asking about. */
const ASK_ABOVE_BYTES = 64 * 1024
/** How long sockets may take to say goodbye when the server stops. */
const FAREWELL_MS = 1_000

/** Lets the hub answer WebSocket handshakes on the server. Disposing it ends every socket it has let in. */
export function acceptSockets(server: Server, deps: AcceptDeps): AsyncDisposable {
  const open = new Set<WebSocket>()
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: Math.max(deps.limits.frameBytes, LARGEST_READ),
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    perMessageDeflate: false,
    clientTracking: false,
    skipUTF8Validation: false,
    handleProtocols: (_offered, request) => namedProtocol(request),
  } as ConstructorParameters<typeof WebSocketServer>[0]) // its types do not know closeTimeout yet
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    accept({ ...deps, sockets, open }, { request, socket, head })
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
type Acceptor = AcceptDeps & { sockets: WebSocketServer; open: Set<WebSocket> }

function accept(deps: Acceptor, { request, socket, head }: Upgrade): void {
  const { hub, limits, log, open, sockets } = deps
  const remote = request.socket.remoteAddress ?? ''
  socket.on('error', () => socket.destroy())
  const entry = judge(deps, { request, head, remote })
  if ('status' in entry) {
    countHandshake(hub.counters.handshakes, entry.status)
    log.debug({ remote, code: entry.code }, 'client refused')
    socket.end(refusalText(entry), () => socket.destroy())
    return
  }
  socket.once('close', entry.place.release)
  sockets.handleUpgrade(request, socket, head, (ws) => {
    entry.place.settled()
    countHandshake(hub.counters.handshakes, 101)
    const askAbove = Math.min(ASK_ABOVE_BYTES, limits.unacknowledged / 4)
    const peer = new WsPeer({ ws, socket, askAbove })
    connect({ ws, socket, peer }, hub.join(peer, entry.channel, remote))
    open.add(ws)
    ws.once('close', () => open.delete(ws))
  })
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

/** Carries what happens on a socket to its session. */
function connect(
  { ws, socket, peer }: { ws: WebSocket; socket: Duplex; peer: WsPeer & Peer },
  session: Session,
): void {
  ws.on('message', (data, isBinary) => session.receive(isBinary ? undefined : textOf(data)))
  ws.on('ping', () => session.pinged())
  ws.on('pong', (data) => {
    peer.ponged(data)
    session.alive()
    session.drained()
  })
  socket.on('drain', () => session.drained())
  ws.on('error', (error: NodeJS.ErrnoException) =>
    session.gone(CODE_OF_ERROR[error.code ?? ''] ?? '1002', 'server'),
  )
  ws.on('close', (code) => session.gone(countedCode(code), 'client'))
}

function textOf(data: unknown): string {
  return Buffer.isBuffer(data) ? data.toString() : ''
}

/** The close codes that the package answers a bad frame with. */
const CODE_OF_ERROR: Readonly<Record<string, string>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: '1009',
  WS_ERR_INVALID_UTF8: '1007',
  WS_ERR_TOO_MANY_BUFFERED_PARTS: '1008',
}

const COUNTED_CODES = new Set([1000, 1001, 1006])

/** Clients may send any code; counting each would let them fill our memory. */
function countedCode(code: number): string {
  return COUNTED_CODES.has(code) ? String(code) : 'other'
}

function namedProtocol(request: IncomingMessage): string | false {
  const handshake = readHandshake(request, Buffer.alloc(0))
  return 'isNamed' in handshake && handshake.isNamed ? handshake.subprotocol : false
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
