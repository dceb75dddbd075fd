import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Child } from './child.ts'
import { pathOf } from './installed.ts'
import type { Offer, RunningRival, Where } from './rival.ts'

/** One of our helper programs, which takes offers. */
export type Program = AsyncDisposable & {
  pid: number
  port: number
  publish(offer: Offer): Promise<number>
}

/** Starts `bench/rivals/<file>` with this Node and waits until it is ready. */
export async function startProgram(file: string, args: string[], core?: number): Promise<Program> {
  await using starting = new AsyncDisposableStack()
  const path = fileURLToPath(new URL(`../../rivals/${file}`, import.meta.url))
  const command = ['--conditions=source', path, ...args]
  const child = starting.use(await Child.start(process.execPath, command, { core }))
  const { port } = readAnswer(await child.line())
  const running = starting.move()
  return {
    pid: child.pid,
    port: port ?? 0,
    async publish(offer) {
      child.write(JSON.stringify(offer))
      return readAnswer(await child.line()).published ?? 0
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** A broker: a program that is installed, its configuration, and how it is spoken to. */
export type Broker = {
  program: string
  debian: string
  port: number
  /** Makes the command line; it may write files to the folder, which is this broker's own. */
  command(folder: string): Promise<{ args: string[]; env?: Record<string, string> }>
  /** How many processes of its own it starts. */
  workers?: number
  /** Which of our publishers publishes to it. */
  publisher: 'nats' | 'mqtt' | 'nchan'
  loadArguments(topics?: readonly string[]): string[]
}

/** Starts a broker, and a publisher beside it in a process of its own. */
export async function startBroker(broker: Broker, where: Where): Promise<RunningRival> {
  await using starting = new AsyncDisposableStack()
  const path = await pathOf(broker.program, broker.debian)
  const folder = await mkdtemp(join(where.folder, `${broker.program}-`))
  starting.defer(() => rm(folder, { recursive: true, force: true }))
  const { args, env = {} } = await broker.command(folder)
  const child = starting.use(await Child.start(path, args, { core: where.core, env }))
  await child.listens(broker.port)
  const publisher = starting.use(
    await startProgram(
      'publisher.ts',
      [broker.publisher, String(broker.port)],
      where.publisherCore,
    ),
  )
  const pids = [child.pid, ...(await child.children(broker.workers ?? 0))]
  const running = starting.move()
  return {
    pids,
    port: broker.port,
    loadArguments: broker.loadArguments,
    publish: publisher.publish,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** An option given once for each value. */
export function each(option: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [option, value])
}

/** The other side is our own `program.ts`, which says nothing else. */
function readAnswer(line: string): { port?: number; published?: number } {
  return JSON.parse(line) as { port?: number; published?: number }
}
