import { EVERYTHING } from './change.ts'
import { missingPackage, packageVersion } from './installed.ts'
import { each, startProgram } from './programs.ts'
import type { Rival } from './rival.ts'

/** A server on `ws` that makes JSON for each client and tries each client's filter: the first draft everyone writes. */
export const naiveWs: Rival = handWritten('naive')

/** A server on `ws` that makes JSON once for all and keeps its clients by topic: what a careful engineer writes. */
export const sharedWs: Rival = handWritten('shared')

/** Neither batches: a change is a message, as in the service this project started from. */
function handWritten(how: 'naive' | 'shared'): Rival {
  return {
    name: `ws, ${how}`,
    version: async () => packageVersion('ws'),
    missing: async () => missingPackage('ws'),
    async start({ core }) {
      const program = await startProgram('ws-server.ts', [how], core)
      return {
        pids: [program.pid],
        port: program.port,
        loadArguments(topics = [EVERYTHING]) {
          return ['--mode', 'ws', '--path', '/', ...each('--first', topics)]
        },
        publish: program.publish,
        [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
      }
    },
  }
}
