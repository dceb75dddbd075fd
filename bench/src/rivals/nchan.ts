import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EVERYTHING, topicName } from './change.ts'
import { freePort } from './child.ts'
import { isThere, notInstalled, versionOf, whereIs } from './installed.ts'
import { type Broker, startBroker } from './programs.ts'
import type { Rival } from './rival.ts'

const DEBIAN = 'nginx libnginx-mod-nchan'
const MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so'
/** How many source addresses have a topic of their own. */
const ADDRESSES = 1000
/** The load client's first source address: 127.0.0.2. */
const FIRST_ADDRESS = 2
/** Connections for each client: nginx begins to close idle ones when less than a sixteenth is free. */
const ROOM = 2
/** Connections for what is not a client. */
const SPARE = 100

/** nginx with one worker and the nchan module: a channel for each topic. A change is a POST: there is no batching. */
export const nchan: Rival = {
  name: 'nginx + nchan',
  async version() {
    const [server, module] = await Promise.all([
      versionOf('nginx', ['-v']),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholder
      versionOf('dpkg-query', ['-W', '-f', '${Version}', 'libnginx-mod-nchan']),
    ])
    return `${server} + ${module}`
  },
  async missing() {
    if ((await whereIs('nginx')) === undefined) return notInstalled('nginx', DEBIAN)
    if (!(await isThere(MODULE))) return notInstalled('the nchan module of nginx', DEBIAN)
    return undefined
  },
  async start(where) {
    return await startBroker(broker(await freePort(), where.clients), where)
  },
}

function broker(port: number, clients: number): Broker {
  return {
    program: 'nginx',
    debian: DEBIAN,
    port,
    workers: 1,
    publisher: 'nchan',
    async command(folder) {
      const file = join(folder, 'nginx.conf')
      await writeFile(file, configuration(port, clients))
      return { args: ['-e', 'stderr', '-p', folder, '-c', file] }
    },
    loadArguments(topics) {
      if (topics === undefined) return ['--mode', 'ws', '--path', `/subscribe?topic=${EVERYTHING}`]
      const sources = ['--sources', String(topics.length)]
      return ['--mode', 'ws', '--path', '/subscribe-by-address', ...sources]
    },
  }
}

/** The buffer is long enough that nobody who is slow misses a message; who comes late gets no old one. */
function configuration(port: number, clients: number): string {
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
load_module ${MODULE};
${user}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr error;
events { worker_connections ${clients * ROOM + SPARE}; multi_accept on; }
http {
  access_log off;
  keepalive_requests 100000000;
  ${temporary.map((name) => `${name}_temp_path ${name};`).join(' ')}
  nchan_shared_memory_size 512M;
  map $remote_addr $topic_of_address { ${topicsByAddress()} }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /subscribe {
      nchan_subscriber websocket;
      nchan_channel_id $arg_topic;
      nchan_subscriber_first_message newest;
    }
    location = /subscribe-by-address {
      nchan_subscriber websocket;
      nchan_channel_id $topic_of_address;
      nchan_subscriber_first_message newest;
    }
    location = /publish {
      nchan_publisher http;
      nchan_channel_id $arg_topic;
      nchan_message_buffer_length 5000;
      nchan_message_timeout 30s;
    }
  }
}
`
}

/**
 * A channel is part of the URL, and the load client has one URL for all its clients;
 * so the client's address, of which it has as many as there are topics, chooses the channel.
 */
function topicsByAddress(): string {
  return Array.from({ length: ADDRESSES }, (_, i) => {
    const host = FIRST_ADDRESS + i
    return `127.0.${host >> 8}.${host & 255} ${topicName(i)};`
  }).join(' ')
}
