import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, extname, join } from 'node:path'
import type { Incident, Payer, Position, State } from '@payer-status/client'
import { type WebSocket, WebSocketServer } from 'ws'
import { noPast } from './no-past.ts'
import type { World } from './world.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** Endpoints in one part of a snapshot. */
const PART = 2_000
const HEARTBEAT_MS = 1_000

type Subscribe = { type: string; since?: Position }

/** What is answered to a path of the REST API; undefined: there is no such thing. */
export type Answers = (pathname: string) => object | undefined

/** Serves a built board and speaks `payer-status-v2`, with the records it is told. */
export class FakeMonitor {
  readonly world: World
  readonly #http: Server
  readonly #sockets: WebSocketServer
  readonly #outDir: string
  readonly #beating: NodeJS.Timeout
  #rev = 1_000
  #isOpen = true
  /** The latest subscription. */
  subscription: Subscribe | undefined
  /** Where its REST API is; undefined: it answers itself. */
  api: string | undefined
  readonly #answers: Answers
  /** What it was asked over REST. */
  readonly asked: string[] = []

  constructor(outDir: string, world: World, answers: Answers = noPast) {
    this.#answers = answers
    this.#outDir = outDir
    this.world = world
    this.#http = createServer((request, response) => void this.#serve(request, response))
    this.#sockets = new WebSocketServer({
      noServer: true,
      handleProtocols: () => 'payer-status-v2',
    })
    this.#http.on('upgrade', (request, socket, head) => {
      if (!this.#isOpen) socket.destroy()
      else this.#sockets.handleUpgrade(request, socket, head, (client) => this.#accept(client))
    })
    this.#beating = setInterval(() => this.#broadcast(this.#heartbeat()), HEARTBEAT_MS)
  }

  async listen(port = 0): Promise<string> {
    this.#http.listen(port, '127.0.0.1')
    await once(this.#http, 'listening')
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/`
  }

  /** Changes an endpoint and tells everybody. */
  change(endpoint: string, over: Partial<State>): void {
    const rev = ++this.#rev
    const found = this.world.endpoints.find((one) => one.endpoint === endpoint)
    if (found === undefined) throw new Error(`no endpoint ${endpoint}`)
    const isNews = over.status !== undefined && over.status !== found.status
    Object.assign(found, over, { rev, statusRev: isNews ? rev : found.statusRev })
    this.#broadcast({ type: 'updates', rev, endpoints: [found] })
  }

  /** Changes many endpoints in one frame. */
  changeMany(endpoints: readonly State[]): void {
    const rev = ++this.#rev
    for (const one of endpoints) one.rev = rev
    this.#broadcast({ type: 'updates', rev, endpoints })
  }

  open(incident: Incident): void {
    const rev = ++this.#rev
    this.world.incidents.push({ ...incident, rev })
    this.#broadcast({ type: 'updates', rev, incidents: [{ ...incident, rev }] })
  }

  /** Changes an incident and tells everybody. */
  update(id: string, over: Partial<Incident>): void {
    const rev = ++this.#rev
    const found = this.world.incidents.find((one) => one.id === id)
    if (found === undefined) throw new Error(`no incident ${id}`)
    Object.assign(found, over, { rev })
    this.#broadcast({ type: 'updates', rev, incidents: [found] })
  }

  rollUp(id: string, over: Partial<Payer>): void {
    const rev = ++this.#rev
    const found = this.world.payers.find(({ payer }) => payer === id)
    if (found === undefined) throw new Error(`no payer ${id}`)
    Object.assign(found, over, { rev })
    this.#broadcast({ type: 'updates', rev, payers: [found] })
  }

  /** Cuts every connection and takes no new one until `restore`. */
  cut(): void {
    this.#isOpen = false
    for (const client of this.#sockets.clients) client.terminate()
  }

  restore(): void {
    this.#isOpen = true
  }

  refuse(code: number): void {
    for (const client of this.#sockets.clients) client.close(code, 'not you')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#beating)
    this.cut()
    this.#http.closeAllConnections()
    this.#http.close()
    await once(this.#http, 'close')
  }

  async #serve({ url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(url, 'http://localhost')
    if (pathname.startsWith('/api/')) return this.#answer(url, response)
    const name = pathname === '/' ? 'index.html' : basename(pathname)
    response.setHeader('Content-Security-Policy', "default-src 'self'")
    try {
      const contents = await readFile(join(this.#outDir, name))
      response.setHeader('Content-Type', TYPES[extname(name)] ?? 'application/octet-stream')
      response.end(contents)
    } catch {
      response.writeHead(404).end()
    }
  }

  async #answer(url: string, response: ServerResponse): Promise<void> {
    this.asked.push(url)
    const { pathname } = new URL(url, 'http://localhost')
    response.setHeader('Content-Type', 'application/json')
    if (this.api === undefined) {
      const body = this.#answers(pathname)
      response.writeHead(body === undefined ? 404 : 200).end(JSON.stringify(body ?? {}))
      return
    }
    const answer = await fetch(`${this.api}${url}`)
    response.writeHead(answer.status).end(await answer.text())
  }

  #accept(client: WebSocket): void {
    client.send(
      JSON.stringify({
        type: 'hello',
        epoch: 'fake',
        rev: this.#rev,
        server: 'fake',
        node: 'n1',
        heartbeatMs: HEARTBEAT_MS,
        auth: 'none',
        limits: {},
      }),
    )
    client.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Subscribe
      if (frame.type !== 'subscribe') return
      this.subscription = frame
      const frames =
        frame.since === undefined ? this.#snapshot() : [this.#updatesSince(frame.since.rev)]
      for (const one of [...frames, this.#heartbeat()]) client.send(JSON.stringify(one))
    })
  }

  #snapshot(): object[] {
    const { payers, endpoints, incidents, maintenance } = this.world
    const of = Math.max(1, Math.ceil(endpoints.length / PART))
    return Array.from({ length: of }, (_, i) => ({
      type: 'snapshot',
      epoch: 'fake',
      rev: this.#rev,
      part: i + 1,
      of,
      ...(i === 0 && { payers, incidents, maintenance }),
      endpoints: endpoints.slice(i * PART, (i + 1) * PART),
    }))
  }

  #updatesSince(rev: number): object {
    const newer = <T extends { rev: number }>(list: readonly T[]) =>
      list.filter((one) => one.rev > rev)
    const { payers, endpoints, incidents } = this.world
    return {
      type: 'updates',
      rev: this.#rev,
      payers: newer(payers),
      endpoints: newer(endpoints),
      incidents: newer(incidents),
    }
  }

  #heartbeat(): object {
    return {
      type: 'heartbeat',
      rev: this.#rev,
      at: new Date().toISOString(),
      stale: false,
      lagMs: 38,
    }
  }

  #broadcast(frame: object): void {
    const text = JSON.stringify(frame)
    for (const client of this.#sockets.clients) client.send(text)
  }
}
