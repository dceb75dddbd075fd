import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { Outside } from '../../src/app/outside.ts'
import { aMonitor, type Monitor, privately } from './a-monitor.ts'
import { aClient, type Client } from './ws-client.ts'

type Watched = Parameters<typeof privately>[0]
type HouseParts = { watched?: Watched; settings?: object; outside?: Partial<Outside> }

/** A monitor whose clients are served by several threads. */
export async function aHouseOfThreads(
  threads: number,
  { watched = [], settings = {}, outside = {} }: HouseParts = {},
): Promise<Monitor> {
  const config = { ...JSON.parse(privately(watched)), gateway: { threads }, ...settings }
  const gatewayEntry = new URL('./marked-gateway.ts', import.meta.url)
  return aMonitor(JSON.stringify(config), { gatewayEntry, ...outside })
}

type Counters = { connections: { v2: number }; resumes: { resumed: number; snapshot: number } }

/** What the hub of each thread counts, the main one first; null for one that is not there. */
export async function hubs({ app }: Monitor): Promise<(Counters | null)[]> {
  const answer = await fetch(`${app.metricsUrl}/debug/stats`)
  const { hub, otherHubs } = (await answer.json()) as {
    hub: Counters
    otherHubs: (Counters | null)[]
  }
  return [hub, ...otherHubs]
}

/** A client, and which thread serves it. */
export type Placed = { client: Client; thread: number }

/** Connects a v2 client and finds out where it is. Nobody else may connect meanwhile. */
export async function aPlacedClient(monitor: Monitor): Promise<Placed> {
  const before = await hubs(monitor)
  const client = await aClient(monitor.ws, 'payer-status-v2')
  const after = await hubs(monitor)
  const thread = after.findIndex((hub, i) => v2Of(hub) > v2Of(before[i]))
  return { client, thread }
}

function v2Of(hub: Counters | null | undefined): number {
  return hub?.connections.v2 ?? 0
}

/** Connects clients until every one of the threads serves one; gives one of each, by thread. */
export async function aClientOfEach(
  monitor: Monitor,
  threads: readonly number[],
): Promise<Client[]> {
  const found = new Map<number, Client>()
  while (threads.some((thread) => !found.has(thread))) {
    const { client, thread } = await aPlacedClient(monitor)
    if (threads.includes(thread) && !found.has(thread)) found.set(thread, client)
    else await leave(monitor, client)
  }
  return threads.flatMap((thread) => found.get(thread) ?? [])
}

/** Ends a client's connection and waits until the monitor knows. */
export async function leave(monitor: Monitor, client: Client): Promise<void> {
  const count = async () => (await hubs(monitor)).reduce((sum, hub) => sum + v2Of(hub), 0)
  const before = await count()
  client.socket.terminate()
  await once(client.socket, 'close')
  while ((await count()) >= before);
}

/** An answer, and which thread gave it. */
export type Answer = { status: number; body: string; thread: number }
type Asked = { method?: string; headers?: Record<string, string>; body?: string }

/** One request on a connection of its own; undefined when it was cut. */
export async function ask(
  url: string,
  { body = '', ...how }: Asked = {},
): Promise<Answer | undefined> {
  const asked = request(url, { ...how, agent: false })
  asked.end(body)
  try {
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    const body = Buffer.concat(await response.toArray()).toString()
    const thread = Number(response.headers['x-thread'] ?? 0)
    return { status: response.statusCode ?? 0, body, thread }
  } catch {
    return undefined
  }
}

/** The answers that one request gets from each of so many threads. */
export async function askEach(threads: number, url: string, how: Asked = {}): Promise<Answer[]> {
  const answers = new Map<number, Answer>()
  while (answers.size < threads) {
    const answer = await ask(url, how)
    if (answer !== undefined) answers.set(answer.thread, answer)
  }
  return [...answers.values()].sort((a, b) => a.thread - b.thread)
}

/** Makes one of the threads beside the main one fall over, and says which. */
export async function crashOne(monitor: Monitor): Promise<number> {
  while ((await ask(`${monitor.app.url}/crash`))?.thread === 0);
  for (;;) {
    const gone = (await hubs(monitor)).indexOf(null)
    if (gone > 0) return gone
  }
}

/** Waits until so many threads serve clients. */
export async function untilServing(monitor: Monitor, threads: number): Promise<void> {
  while ((await gauge(monitor, 'payer_status_gateway_threads')) !== threads);
}

/** The value of a series of `/metrics`. */
export async function gauge(monitor: Monitor, series: string): Promise<number | undefined> {
  const line = (await monitor.metrics()).split('\n').find((each) => each.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length))
}
