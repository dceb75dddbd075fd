import { fileURLToPath } from 'node:url'
import { Child } from '../rivals/child.ts'
import type { Bench } from './bench.ts'

const PROGRAM = fileURLToPath(new URL('../idle-ws.ts', import.meta.url))

/** Starts the plainest server of the `ws` package, which accepts and keeps. */
export async function startPlainWs(bench: Bench): Promise<{ child: Child; port: number }> {
  const where = { core: bench.pins?.server }
  const child = await Child.start(process.execPath, ['--conditions=source', PROGRAM], where)
  const { port } = JSON.parse(await child.line()) as { port: number } // safe: what idle-ws.ts writes
  return { child, port }
}
