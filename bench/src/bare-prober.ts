/**
 * The prober alone, as fast as it can: probes every endpoint of a configuration, one after the other each, all at once.
 * Arguments: the checkout, the configuration file, `fresh` or `kept`. For each line, a number of seconds, it probes so long
 * and writes what that took. Ends with its standard input.
 */
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Endpoint } from '../../server/src/config/config.ts'

const [checkout = '', file = '', how = ''] = process.argv.slice(2)
const [{ loadConfig }, { systemClock }, { createHttpProbe }, { runProbe }] = await Promise.all([
  from<typeof import('../../server/src/config/load.ts')>('config/load.ts'),
  from<typeof import('../../server/src/lib/clock.ts')>('lib/clock.ts'),
  from<typeof import('../../server/src/probe/http.ts')>('probe/http.ts'),
  from<typeof import('../../server/src/probe/prober.ts')>('probe/prober.ts'),
])
const clock = systemClock
const http = createHttpProbe({ clock, userAgent: 'payer-status-bench', dnsMaxAge: 60_000 })
const deps = { probes: { http: http.probe }, clock, random: Math.random, probeId: () => 'bench' }
const { signal } = new AbortController()
const { endpoints } = await loadConfig({ path: file, cwd: '/', env: {}, flags: {}, shipped: '' })

/** A module of the checkout, which has it under the same name as ours. */
async function from<T>(path: string): Promise<T> {
  return (await import(join(checkout, 'server/src', path))) as T
}

async function probing(endpoint: Endpoint, until: number): Promise<number> {
  let probes = 0
  for (; performance.now() < until; probes++) {
    const { verdict } = await runProbe(deps, endpoint, { signal, fresh: how === 'fresh' })
    if (verdict !== 'up') throw new Error(`a probe was ${verdict}`)
  }
  return probes
}

process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const before = process.cpuUsage()
  const began = performance.now()
  const until = began + Number(line) * 1_000
  const counts = await Promise.all(endpoints.map((endpoint) => probing(endpoint, until)))
  const { user, system } = process.cpuUsage(before)
  const probes = counts.reduce((sum, count) => sum + count, 0)
  const seconds = (performance.now() - began) / 1_000
  const cpuMs = (user + system) / 1_000 / probes
  process.stdout.write(`${JSON.stringify({ cpuMs, perSecond: probes / seconds })}\n`)
}
process.exit(0)
