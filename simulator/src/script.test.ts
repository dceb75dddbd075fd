import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type EndpointPlan, PLATFORM, planPayers } from './catalog.ts'
import { LATENCY_MS, type Script, writeScript } from './script.ts'

const HOUR = 3_600_000
const seeds = fc.nat()
const times = fc.integer({ min: 0, max: 24 * HOUR })

function play(seed: number): { script: Script; all: EndpointPlan[] } {
  const payers = planPayers(seed, 36)
  return { script: writeScript(seed, payers), all: payers.flatMap(({ endpoints }) => endpoints) }
}

function share({ script, all }: ReturnType<typeof play>, at: number, kind: string): number {
  return all.filter((endpoint) => script(endpoint, at).fault.kind === kind).length / all.length
}

/** The troubles that begin at one time and are over at a later one. */
function seenAndOver(seed: number): Set<string> {
  const { script, all } = play(seed)
  const kinds = all.flatMap((endpoint) => {
    const seen = [12_000, 20_000, 25_000].map((at) => script(endpoint, at).fault.kind)
    return script(endpoint, 52_000).fault.kind === 'healthy' ? seen : []
  })
  return new Set(kinds)
}

test('the same seed, endpoint and time always give the same scene', () => {
  fc.assert(
    fc.property(seeds, times, (seed, at) => {
      const [once, again] = [play(seed), play(seed)]

      const scenes = once.all.map((endpoint) => once.script(endpoint, at))

      assert.deepEqual(
        again.all.map((endpoint) => again.script(endpoint, at)),
        scenes,
      )
    }),
    { numRuns: 20 },
  )
})

test('another seed gives another script', () => {
  const payers = planPayers(1, 36)
  const all = payers.flatMap(({ endpoints }) => endpoints)

  const [one, two] = [writeScript(1, payers), writeScript(2, payers)]

  const scenes = (script: Script) => all.map((endpoint) => script(endpoint, 100_000))
  assert.notDeepEqual(scenes(one), scenes(two))
})

test('latencies and slowness stay within their bounds at any time', () => {
  fc.assert(
    fc.property(seeds, times, (seed, at) => {
      const { script, all } = play(seed)

      for (const endpoint of all) {
        const { fault, latencyMs } = script(endpoint, at)

        assert.ok(latencyMs >= LATENCY_MS.least && latencyMs <= LATENCY_MS.most)
        if (fault.kind === 'slow') assert.ok(fault.ms >= 1_100 && fault.ms <= 2_400)
      }
    }),
    { numRuns: 20 },
  )
})

test('every endpoint is healthy again within half an hour, whenever one looks', () => {
  fc.assert(
    fc.property(seeds, times, fc.nat(), (seed, at, index) => {
      const { script, all } = play(seed)
      const endpoint = all[index % all.length] as EndpointPlan

      const isHealthy = (second: number) =>
        script(endpoint, at + second * 1_000).fault.kind === 'healthy'

      assert.ok(Array.from({ length: 1_800 }, (_, second) => second).some(isHealthy))
    }),
    { numRuns: 60 },
  )
})

test('most endpoints are healthy at any time', () => {
  fc.assert(
    fc.property(seeds, times, (seed, at) => {
      assert.ok(share(play(seed), at, 'healthy') > 0.6)
    }),
    { numRuns: 40 },
  )
})

test('some but few endpoints are troubled in the first ten seconds', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const healthy = share(play(seed), 8_000, 'healthy')

      assert.ok(healthy < 1 && healthy > 0.6)
    }),
    { numRuns: 40 },
  )
})

test('within the first minute something is slow, down and in maintenance, and recovers', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const seen = seenAndOver(seed)

      for (const kind of ['slow', 'unavailable', 'maintenance_503', 'status']) {
        assert.ok(seen.has(kind), `${kind} with seed ${seed}`)
      }
    }),
    { numRuns: 40 },
  )
})

test('an outage of the platform takes several payers down together and lets them go together', () => {
  const { script, all } = play(5)
  const hanging = all.filter(({ via }) => via === PLATFORM)
  const out = (at: number) =>
    hanging.filter((endpoint) => {
      const { fault } = script(endpoint, at)
      return fault.kind === 'refuse' || (fault.kind === 'status' && fault.status === 503)
    })

  assert.ok(new Set(hanging.map(({ payer }) => payer)).size >= 3)
  assert.equal(out(45_000).length, hanging.length)
  assert.ok(out(85_000).length < hanging.length / 2)
})

test('a closed port is closed for the whole payer at once', () => {
  fc.assert(
    fc.property(seeds, times, (seed, at) => {
      const payers = planPayers(seed, 12)
      const script = writeScript(seed, payers)

      for (const { endpoints } of payers) {
        const kinds = endpoints.map((endpoint) => script(endpoint, at + HOUR).fault.kind)

        const closed = kinds.filter((kind) => kind === 'refuse').length
        assert.ok(closed === 0 || closed === kinds.length)
      }
    }),
    { numRuns: 30 },
  )
})

test('a simulator of one payer is mostly healthy too', () => {
  const shares = Array.from({ length: 100 }, (_, seed) => {
    const [payer] = planPayers(seed, 1)
    const script = writeScript(seed, payer === undefined ? [] : [payer])
    const endpoints = payer?.endpoints ?? []
    const healthy = endpoints.filter((it) => script(it, 15_000).fault.kind === 'healthy')
    return healthy.length / endpoints.length
  })

  assert.ok(shares.reduce((sum, share) => sum + share) / 100 > 0.8)
})
