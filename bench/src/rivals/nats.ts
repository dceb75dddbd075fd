import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EVERYTHING } from './change.ts'
import { freePort } from './child.ts'
import { notInstalled, versionOf, whereIs } from './installed.ts'
import { type Broker, each, startBroker } from './programs.ts'
import type { Rival } from './rival.ts'

const DEBIAN = 'nats-server'
/** Connections for what is not a client. */
const SPARE = 100

/**
 * NATS over its own TCP protocol, which is cheaper for it than WebSocket: a subject for each topic.
 * A change is a message; the server puts what waits for a client into one write. A client that
 * lets 64 MB or 10 s of it wait is cut off: these are its defaults.
 */
export const nats: Rival = {
  name: 'nats',
  version: () => versionOf('nats-server', ['--version']),
  async missing() {
    if (await whereIs('nats-server')) return undefined
    return notInstalled('nats-server', DEBIAN)
  },
  async start(where) {
    return await startBroker(broker(await freePort(), where.clients), where)
  },
}

function broker(port: number, clients: number): Broker {
  return {
    program: 'nats-server',
    debian: DEBIAN,
    port,
    publisher: 'nats',
    async command(folder) {
      const file = join(folder, 'nats.conf')
      const lines = [`listen: "127.0.0.1:${port}"`, `max_connections: ${clients + SPARE}`]
      await writeFile(file, `${lines.join('\n')}\n`)
      return { args: ['-c', file], env: { GOMAXPROCS: '1' } }
    },
    loadArguments(topics = [EVERYTHING]) {
      const firsts = topics.map((topic) => `CONNECT {"verbose":false}\\r\\nSUB ${topic} 1\\r\\n`)
      const ping = ['--when', 'PING\\r\\n', '--answer', 'PONG\\r\\n']
      return ['--mode', 'tcp', ...each('--first', firsts), ...ping]
    },
  }
}
