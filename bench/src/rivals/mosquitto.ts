import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EVERYTHING } from './change.ts'
import { freePort } from './child.ts'
import { notInstalled, versionOf, whereIs } from './installed.ts'
import { connectPacket, subscribePacket } from './mqtt.ts'
import { type Broker, each, startBroker } from './programs.ts'
import type { Rival } from './rival.ts'

const DEBIAN = 'mosquitto'

/**
 * Mosquitto, which has one thread: MQTT 3.1.1 over TCP at QoS 0, a topic for each topic.
 * A change is a message: there is no batching.
 */
export const mosquitto: Rival = {
  name: 'mosquitto',
  version: () => versionOf('mosquitto', ['-h']),
  async missing() {
    if (await whereIs('mosquitto')) return undefined
    return notInstalled('mosquitto', DEBIAN)
  },
  async start(where) {
    return await startBroker(broker(await freePort()), where)
  },
}

function broker(port: number): Broker {
  return {
    program: 'mosquitto',
    debian: DEBIAN,
    port,
    publisher: 'mqtt',
    async command(folder) {
      const file = join(folder, 'mosquitto.conf')
      await writeFile(file, configuration(port))
      return { args: ['-c', file] }
    },
    loadArguments(topics = [EVERYTHING]) {
      const firsts = topics.map((topic) =>
        escaped(Buffer.concat([connectPacket(), subscribePacket(topic)])),
      )
      return ['--mode', 'tcp', ...each('--first', firsts)]
    },
  }
}

/**
 * No limit to what waits for a client, so that it drops nothing before the others do. And no search for
 * clients that a message has reached by another subscription: its time grows with the square of the clients.
 */
function configuration(port: number): string {
  const user = process.getuid?.() === 0 ? 'user root' : ''
  return `
${user}
listener ${port} 127.0.0.1
allow_anonymous true
allow_duplicate_messages true
max_connections -1
max_queued_messages 0
max_queued_bytes 0
set_tcp_nodelay true
persistence false
sys_interval 0
log_dest stderr
log_type error
`
}

/** Bytes as the load client takes them on its command line: readable ones as they are, others as `\xHH`. */
function escaped(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[^\w/.-]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
