import { setTimeout } from 'node:timers/promises'
import { type Bench, fewer } from '../harness/bench.ts'
import { FarSide } from '../harness/far-side.ts'
import { Monitor } from '../harness/monitor.ts'
import { paced } from '../harness/paced.ts'
import { ofBlackbox as ofBusyBlackbox, ofProber, startSwiftSide } from '../harness/probers.ts'
import { cpuSeconds } from '../harness/proc.ts'
import { sumOf } from '../prometheus.ts'
import { blackboxMissing, blackboxVersion, startBlackbox } from '../rivals/blackbox.ts'
import type { Scenario } from '../scenario.ts'

const STARTED = 'payer_status_scheduler_started_total'
const ENDPOINTS = 300
/** Every how many probes a new connection is opened: the fewest and the most that the monitor takes. */
const FRESH = { seldom: 1_000, always: 1 } as const

/** What one probe costs. */
export const probeCost: Scenario = {
  name: 'probe-cost',
  sentence:
    'CPU of one probe of a plain HTTP address with all that follows from it, beside the blackbox exporter: 300 a second',
  figures: [
    { name: 'ratio to blackbox', unit: '×', better: 'less', least: 0.4, aim: 0.22 },
    { name: 'CPU per probe, new connection', unit: 'ms', better: 'less' },
    { name: 'CPU per probe, kept connection', unit: 'ms', better: 'less' },
    { name: 'CPU per probe, blackbox', unit: 'ms' },
    { name: 'probes per second', unit: '' },
    { name: 'probes per second, blackbox', unit: '' },
  ],
  charts: [
    {
      title: 'CPU of one probe of a plain HTTP address',
      unit: 'ms',
      bars: [
        { label: 'monitor, kept connection', figure: 'CPU per probe, kept connection' },
        { label: 'monitor, new connection', figure: 'CPU per probe, new connection', isOurs: true },
        { label: 'blackbox exporter', figure: 'CPU per probe, blackbox' },
      ],
    },
  ],
  missing: () => blackboxMissing(),
  versions: async () => ({ 'blackbox exporter': await blackboxVersion() }),
  round: async (bench) => {
    await using farSide = await FarSide.start(bench)
    const fresh = await ofMonitor(bench, farSide, FRESH.always)
    const kept = await ofMonitor(bench, farSide, FRESH.seldom)
    const blackbox = await ofBlackbox(bench, farSide)
    return {
      'ratio to blackbox': fresh.cpuMs / blackbox.cpuMs,
      'CPU per probe, new connection': fresh.cpuMs,
      'CPU per probe, kept connection': kept.cpuMs,
      'CPU per probe, blackbox': blackbox.cpuMs,
      'probes per second': fresh.perSecond,
      'probes per second, blackbox': blackbox.perSecond,
    }
  },
}

/** What one probe costs where nothing else is done, one kind of connection after the other. */
export const probeAlone: Scenario = {
  name: 'probe-alone',
  sentence:
    'CPU of one probe by the prober alone, 16 at once as fast as a core can, beside the blackbox exporter doing the same',
  figures: [
    { name: 'fresh plain', unit: 'ms', better: 'less', least: 0.2, aim: 0.1 },
    { name: 'keep-alive', unit: 'ms', better: 'less', least: 0.07, aim: 0.05 },
    { name: 'fresh TLS', unit: 'ms', better: 'less', least: 0.95, aim: 0.6 },
    { name: 'fresh plain, blackbox', unit: 'ms' },
    { name: 'fresh TLS, blackbox', unit: 'ms' },
    { name: 'fresh plain, ratio to blackbox', unit: '×', better: 'less' },
    { name: 'fresh TLS, ratio to blackbox', unit: '×', better: 'less' },
    { name: 'fresh plain, probes per second', unit: '' },
    { name: 'keep-alive, probes per second', unit: '' },
    { name: 'fresh TLS, probes per second', unit: '' },
  ],
  charts: [
    {
      title: 'CPU of one probe by the prober alone',
      unit: 'ms',
      bars: [
        { label: 'keep-alive', figure: 'keep-alive' },
        { label: 'fresh plain', figure: 'fresh plain', isOurs: true },
        { label: 'blackbox, fresh plain', figure: 'fresh plain, blackbox' },
        { label: 'fresh TLS', figure: 'fresh TLS', isOurs: true },
        { label: 'blackbox, fresh TLS', figure: 'fresh TLS, blackbox' },
      ],
    },
  ],
  missing: () => blackboxMissing(),
  versions: async () => ({ 'blackbox exporter': await blackboxVersion() }),
  round: async (bench) => {
    await using side = await startSwiftSide(bench)
    const plain = { urls: side.plain, fresh: true }
    const secure = { urls: side.secure, fresh: true, tls: side.tls }
    const freshPlain = await ofProber(bench, plain)
    const kept = await ofProber(bench, { ...plain, fresh: false })
    const freshSecure = await ofProber(bench, secure)
    const blackboxPlain = await ofBusyBlackbox(bench, plain)
    const blackboxSecure = await ofBusyBlackbox(bench, secure)
    return {
      'fresh plain': freshPlain.cpuMs,
      'keep-alive': kept.cpuMs,
      'fresh TLS': freshSecure.cpuMs,
      'fresh plain, blackbox': blackboxPlain.cpuMs,
      'fresh TLS, blackbox': blackboxSecure.cpuMs,
      'fresh plain, ratio to blackbox': freshPlain.cpuMs / blackboxPlain.cpuMs,
      'fresh TLS, ratio to blackbox': freshSecure.cpuMs / blackboxSecure.cpuMs,
      'fresh plain, probes per second': freshPlain.perSecond,
      'keep-alive, probes per second': kept.perSecond,
      'fresh TLS, probes per second': freshSecure.perSecond,
    }
  },
}

type Cost = { cpuMs: number; perSecond: number }

async function ofMonitor(bench: Bench, farSide: FarSide, freshEvery: number): Promise<Cost> {
  const endpoints = fewer(bench, ENDPOINTS, 20)
  const url = (endpoint: number) => farSide.url(`e${endpoint}`)
  await using monitor = await Monitor.start(bench, { endpoints, interval: '1s', url, freshEvery })
  await setTimeout(fewer(bench, 3_000, 1_500))
  const probes = async () => sumOf(await monitor.scrape(), STARTED)
  const before = { cpu: await monitor.cpu(), probes: await probes() }
  await setTimeout(bench.seconds * 1_000)
  const after = { cpu: await monitor.cpu(), probes: await probes() }
  const count = after.probes - before.probes
  const seconds = after.cpu.prober - before.cpu.prober
  return { cpuMs: (seconds / count) * 1_000, perSecond: count / bench.seconds }
}

/** As many a second as ours: a probe is the cheaper the more there are. */
async function ofBlackbox(bench: Bench, farSide: FarSide): Promise<Cost> {
  const where = { folder: bench.folder, ...(bench.pins && { core: bench.pins.server }) }
  await using blackbox = await startBlackbox(where)
  const endpoints = fewer(bench, ENDPOINTS, 20)
  const probe = async (index: number) => {
    const { success } = await blackbox.probe(farSide.url(`e${index % endpoints}`))
    if (!success) throw new Error('a probe of the blackbox exporter failed')
  }
  await paced({ perSecond: endpoints, seconds: 1 }, probe)
  const before = await cpuSeconds([blackbox.pid])
  const began = performance.now()
  const count = await paced({ perSecond: endpoints, seconds: bench.seconds }, probe)
  const elapsed = (performance.now() - began) / 1_000
  const seconds = (await cpuSeconds([blackbox.pid])) - before
  return { cpuMs: (seconds / count) * 1_000, perSecond: count / elapsed }
}
