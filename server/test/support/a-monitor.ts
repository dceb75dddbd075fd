import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Change, follow } from '@payer-status/client'
import type { State } from '@payer-status/protocol'
import { type App, startApp } from '../../src/app/app.ts'
import type { Outside } from '../../src/app/outside.ts'
import { loadConfig } from '../../src/config/load.ts'

/** A running monitor with its configuration file. */
export type Monitor = AsyncDisposable & {
  app: App
  /** `/ws` on the public listener. */
  ws: string
  /** The configuration file; write it with `rewrite`. */
  rewrite(yaml: string): Promise<void>
  /** The JSON that a path of the public listener answers with. */
  get<T>(path: string): Promise<T>
  /** The text of `/metrics`. */
  metrics(): Promise<string>
}

/** Starts the real monitor, with its prober in a thread, on free ports, from a configuration file in a temporary folder. */
export async function aMonitor(yaml: string, outside: Partial<Outside> = {}): Promise<Monitor> {
  const folder = await mkdtemp(join(tmpdir(), 'payer-status-test-'))
  const file = join(folder, 'payers.yaml')
  await writeFile(file, yaml)
  const flags = {
    'server.port': '0',
    'metrics.port': '0',
    'shutdown.grace': '2s',
    'store.url': 'memory:',
  }
  const load = () => loadConfig({ path: file, cwd: folder, env: {}, flags, shipped: '' })
  const thread = { level: 'error', isTerminal: false } as const
  const app = await startApp(await load(), load, { thread, ...outside })
  return {
    app,
    ws: `${app.url.replace('http', 'ws')}/ws`,
    rewrite: (text) => writeFile(file, text),
    async get<T>(path: string) {
      const answer = await fetch(`${app.url}${path}`)
      return (await answer.json()) as T
    },
    metrics: async () => (await fetch(`${app.metricsUrl}/metrics`)).text(),
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A configuration of private endpoints that are probed every second, from name, type and address. */
export function privately(
  endpoints: readonly { payer: string; type: string; url: string }[],
): string {
  const byPayer = Map.groupBy(endpoints, ({ payer }) => payer)
  const payers = [...byPayer].map(([name, own]) => ({
    name,
    endpoints: own.map(({ type, url }) => ({ type, url })),
  }))
  return JSON.stringify({ version: 1, defaults: { network: 'private', interval: '1s' }, payers })
}

/** Longest wait for something that should come within a second or two. */
const PATIENCE_MS = 20_000

/** Follows the monitor until a change satisfies `look`, and gives what that found. */
export async function untilSeen<T>(
  { ws }: Pick<Monitor, 'ws'>,
  look: (change: Change) => T | undefined,
): Promise<T> {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  for await (const change of follow(ws, { signal })) {
    const found = look(change)
    if (found !== undefined) return found
  }
  throw new Error(`nothing of the kind was seen within ${PATIENCE_MS} ms`)
}

/** Waits until an endpoint has a status, and gives its state. */
export function untilStatus(
  monitor: Pick<Monitor, 'ws'>,
  endpoint: string,
  status: State['status'],
): Promise<State> {
  return untilSeen(monitor, ({ endpoints }) =>
    endpoints.find((state) => state.endpoint === endpoint && state.status === status),
  )
}

/** Waits until every endpoint has a status. */
export async function untilAll(
  monitor: Pick<Monitor, 'ws'>,
  endpoints: readonly string[],
  status: State['status'],
): Promise<void> {
  const left = new Set(endpoints)
  await untilSeen(monitor, (change) => {
    for (const state of change.endpoints) if (state.status === status) left.delete(state.endpoint)
    return left.size === 0 ? true : undefined
  })
}
