import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Child, freePort } from './child.ts'
import { notInstalled, pathOf, versionOf, whereIs } from './installed.ts'

const PROGRAM = 'prometheus-blackbox-exporter'

function configuration(tls: BlackboxTls | undefined): string {
  const verifying = tls && `{ ca_file: "${tls.ca}", server_name: ${tls.serverName} }`
  return `
modules:
  http:
    prober: http
    timeout: 10s
    http:
      preferred_ip_protocol: ip4
      ip_protocol_fallback: false
      tls_config: ${verifying ?? '{ insecure_skip_verify: true }'}
`
}

/** File of the authority that it trusts, and the name that certificates carry. */
export type BlackboxTls = { ca: string; serverName: string }

/** What one probe of it found. */
export type BlackboxProbe = { success: boolean; durationMs: number }

/** A running blackbox exporter. Disposing it ends it and removes its files. */
export type Blackbox = AsyncDisposable & {
  pid: number
  /** The address that makes it probe `url`, for a driver of your own. */
  probeUrl(url: string): string
  /** Makes it probe `url` once, over a new connection, as it always does. */
  probe(url: string): Promise<BlackboxProbe>
}

/** The blackbox exporter's version. */
export async function blackboxVersion(): Promise<string> {
  return await versionOf(PROGRAM, ['--version'])
}

/** Why the blackbox exporter cannot run on this machine, or undefined. */
export async function blackboxMissing(): Promise<string | undefined> {
  return (await whereIs(PROGRAM)) ? undefined : notInstalled('the blackbox exporter', PROGRAM)
}

/** Starts a blackbox exporter of one thread, with a module `http` that without `tls` takes any certificate. */
export async function startBlackbox(where: {
  core?: number
  folder: string
  tls?: BlackboxTls
}): Promise<Blackbox> {
  await using starting = new AsyncDisposableStack()
  const path = await pathOf(PROGRAM, PROGRAM)
  const folder = await mkdtemp(join(where.folder, 'blackbox-'))
  starting.defer(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'blackbox.yml')
  await writeFile(file, configuration(where.tls))
  const port = await freePort()
  const args = [
    `--config.file=${file}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ]
  const how = { core: where.core, env: { GOMAXPROCS: '1' } }
  const child = starting.use(await Child.start(path, args, how))
  await child.listens(port)
  const running = starting.move()
  const probeUrl = (url: string) =>
    `http://127.0.0.1:${port}/probe?module=http&target=${encodeURIComponent(url)}`
  return {
    pid: child.pid,
    probeUrl,
    probe: async (url) => readMetrics(await (await fetch(probeUrl(url))).text()),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function readMetrics(text: string): BlackboxProbe {
  const value = (name: string) => Number(text.match(new RegExp(`^${name} (\\S+)$`, 'm'))?.[1])
  return {
    success: value('probe_success') === 1,
    durationMs: value('probe_duration_seconds') * 1000,
  }
}
