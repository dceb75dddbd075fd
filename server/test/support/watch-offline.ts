/** Run where no route leads out: watches the shipped catalogue until the vantage is offline, and says what clients saw. */
import { fileURLToPath } from 'node:url'
import { follow } from '@payer-status/client'
import type { State } from '@payer-status/protocol'
import { startApp } from '../../src/app/app.ts'
import { loadConfig } from '../../src/config/load.ts'

const shipped = fileURLToPath(new URL('../../../catalog/payers.yaml', import.meta.url))
const flags = { 'server.port': '0', 'metrics.port': '0', 'store.url': 'memory:' }
const load = () => loadConfig({ path: shipped, cwd: '/', env: {}, flags, shipped })
const config = await load()
await using app = await startApp(config, load, { thread: { level: 'error', isTerminal: false } })

const states = new Map<string, State>()
let everDown = false
for await (const change of follow(`${app.url.replace('http', 'ws')}/ws`)) {
  for (const state of change.endpoints) {
    states.set(state.endpoint, state)
    everDown ||= state.status === 'down'
  }
  const all = [...states.values()]
  if (all.length === config.endpoints.length && all.every(({ result }) => result !== null)) break
}
const all = [...states.values()]
const seen = {
  endpoints: all.length,
  statuses: [...new Set(all.map(({ status }) => status))],
  reasons: [...new Set(all.map(({ reason }) => reason?.kind))],
  everDown,
}
process.stdout.write(`${JSON.stringify(seen)}\n`)
