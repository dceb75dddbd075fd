/** Who probes as fast as it can: the prober alone, and the blackbox exporter, each on a core of its own. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startBlackbox } from '../rivals/blackbox.ts'
import { Child } from '../rivals/child.ts'
import { type Bench, fewer } from './bench.ts'
import { monitorConfig } from './monitor-config.ts'
import { cpuSeconds } from './proc.ts'

/** So many probes at once: enough to fill a core. */
const AT_ONCE = 16
const PROBER = fileURLToPath(new URL('../bare-prober.ts', import.meta.url))
const SWIFT_SIDE = fileURLToPath(new URL('../swift-side.ts', import.meta.url))

/** What a probe took, and how many there were a second. */
export type Cost = { cpuMs: number; perSecond: number }

/** A far side that is never the limit, and how its secure origins are trusted. */
export type SwiftSide = AsyncDisposable & { plain: string[]; secure: string[]; tls: Trust }

type Trust = { ca: string; serverName: string }

/** Starts it beside the load. */
export async function startSwiftSide(bench: Bench): Promise<SwiftSide> {
  const args = ['--conditions=source', SWIFT_SIDE]
  const child = await Child.start(process.execPath, args, { core: bench.pins?.load })
  const said = JSON.parse(await child.line()) as Record<'plain' | 'secure', number[]> & {
    ca: string
  } // safe: what swift-side.ts writes
  const ca = join(bench.folder, 'swift-side.pem')
  await writeFile(ca, said.ca)
  return {
    plain: said.plain.map((port) => `http://127.0.0.1:${port}/`),
    secure: said.secure.map((port) => `https://127.0.0.1:${port}/`),
    tls: { ca, serverName: 'localhost' },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  }
}

/** What is probed: origins of one kind, and whether each time over a new connection. */
export type Target = { urls: readonly string[]; fresh: boolean; tls?: Trust }

/** Probes with the code of the checkout, without schedule, judge and clients. */
export async function ofProber(bench: Bench, { urls, tls, fresh }: Target): Promise<Cost> {
  const url = (endpoint: number) => urls[endpoint % urls.length] ?? ''
  const file = join(bench.folder, 'prober.yaml')
  await writeFile(file, monitorConfig({ endpoints: AT_ONCE, interval: '1s', url, tls }))
  const args = ['--conditions=source', PROBER, bench.checkout, file, fresh ? 'fresh' : 'kept']
  await using child = await Child.start(process.execPath, args, { core: bench.pins?.server })
  await child.line()
  const probing = async (seconds: number) => {
    child.write(String(seconds))
    return JSON.parse(await child.line()) as Cost // safe: what bare-prober.ts writes
  }
  await probing(fewer(bench, 2, 0.2))
  return await probing(bench.seconds)
}

/** The same with the blackbox exporter, always over new connections. What drives it is not counted. */
export async function ofBlackbox(bench: Bench, { urls, tls }: Target): Promise<Cost> {
  const core = bench.pins && { core: bench.pins.server }
  const where = { folder: bench.folder, ...(tls && { tls }), ...core }
  await using blackbox = await startBlackbox(where)
  const loop = async (seconds: number) => {
    const until = performance.now() + seconds * 1_000
    const counts = await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, i) => {
        let probes = 0
        for (; performance.now() < until; probes++) {
          const { success } = await blackbox.probe(urls[(i + probes) % urls.length] ?? '')
          if (!success) throw new Error('a probe of the blackbox exporter failed')
        }
        return probes
      }),
    )
    return counts.reduce((sum, count) => sum + count, 0)
  }
  await loop(fewer(bench, 2, 0.2))
  const before = await cpuSeconds([blackbox.pid])
  const began = performance.now()
  const probes = await loop(bench.seconds)
  const seconds = (performance.now() - began) / 1_000
  const cpu = (await cpuSeconds([blackbox.pid])) - before
  return { cpuMs: (cpu / probes) * 1_000, perSecond: probes / seconds }
}
