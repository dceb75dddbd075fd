import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { Canary } from '../../src/app/canary.ts'
import { PASS_HEADER, THREAD_HEADER } from '../../src/serve/canary-pass.ts'
import { FakeClock } from './fake-clock.ts'
import { memoryLog } from './http-monitor.ts'

export const SECRET = 'a-secret'
export const HEARTBEAT = 15_000
/** Two heartbeats, five seconds, and the check after that. */
export const PATIENCE = 2 * HEARTBEAT + 6_000

/** A canary on a clock that is moved by hand. */
export function aCanary(url: string, { threads = 1, clock = new FakeClock() } = {}) {
  const log = memoryLog()
  const noted = { changes: 0, rev: 0 }
  const canary = new Canary({
    clock,
    log,
    url,
    secret: SECRET,
    threads,
    heartbeat: HEARTBEAT,
    rev: () => noted.rev,
    changed: () => noted.changes++,
  })
  return {
    canary,
    clock,
    noted,
    failures: () => Object.fromEntries(canary.figures.failures),
    said: () => log.lines.map(({ level, message }) => `${level} ${message}`),
    /** Lets time pass, second by second, and what comes over the network have some turns. */
    async pass(ms: number) {
      for (let at = 0; at < ms; at += 1_000) {
        await clock.advance(1_000)
        await turns(20)
      }
    },
    /** Waits, while time stands still, until it is so. */
    async until(isSo: () => boolean) {
      for (let round = 0; round < 2_000 && !isSo(); round++) await turns(5)
      if (!isSo()) throw new Error('it never came to that')
    },
  }
}

/** What comes over the network is taken in. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await stat('.')
}

type FarParts = {
  threads?: number
  /** Which thread takes the connection of this number, from 0. */
  threadOf?: (connection: number) => number
  refuses?: boolean
}

/** A stand-in for a monitor that greets and says nothing more than it is told to; and a canary that listens to it. */
export async function aFarSide({
  threads = 1,
  threadOf = () => 0,
  refuses = false,
}: FarParts = {}) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', verifyClient: () => !refuses })
  const clients: { ws: WebSocket; thread: number; secret: unknown }[] = []
  let taken = 0
  server.on('headers', (headers) => headers.push(`${THREAD_HEADER}: ${threadOf(taken)}`))
  server.on('connection', (ws, { headers }: IncomingMessage) => {
    clients.push({ ws, thread: threadOf(taken++), secret: headers[PASS_HEADER] })
    ws.send(JSON.stringify({ type: 'hello', epoch: 'e1', rev: 5 }))
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const parts = aCanary(`ws://127.0.0.1:${port}/ws`, { threads })
  return {
    ...parts,
    clients,
    /** Those that are connected. */
    get open() {
      return clients.filter(({ ws }) => ws.readyState === ws.OPEN)
    },
    /** Tells all, or some, a position, and waits until they have it. */
    async heartbeat(rev: number, to: (thread: number) => boolean = () => true) {
      for (const { ws } of this.open.filter(({ thread }) => to(thread))) {
        ws.send(JSON.stringify({ type: 'heartbeat', rev, at: '', stale: false, lagMs: 0 }))
        ws.ping()
        await Promise.race([once(ws, 'pong'), once(ws, 'close')])
      }
    },
    async [Symbol.asyncDispose]() {
      parts.canary[Symbol.dispose]()
      for (const { ws } of clients) ws.terminate()
      server.close()
      await once(server, 'close')
    },
  }
}
