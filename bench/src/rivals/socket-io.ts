import { missingPackage, packageVersion } from './installed.ts'
import { each, startProgram } from './programs.ts'
import type { Rival } from './rival.ts'

/** Socket.IO 4 over WebSocket only, with rooms as filters. A change is an event: there is no batching. */
export const socketIo: Rival = {
  name: 'socket.io',
  version: async () => packageVersion('socket.io'),
  missing: async () => missingPackage('socket.io'),
  async start({ core }) {
    const program = await startProgram('socket-io-server.ts', [], core)
    return {
      pids: [program.pid],
      port: program.port,
      loadArguments(topics) {
        const path = '/socket.io/?EIO=4&transport=websocket'
        // `40` joins the main namespace, with what the client's option `auth` says.
        const firsts = topics?.map((topic) => `40${JSON.stringify({ topic })}`) ?? ['40']
        // Engine.IO's ping and pong.
        const ping = ['--when', '2', '--answer', '3']
        return ['--mode', 'ws', '--path', path, ...each('--first', firsts), ...ping]
      },
      publish: program.publish,
      [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
    }
  },
}
