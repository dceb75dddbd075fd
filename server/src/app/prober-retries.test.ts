import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEndpoint, aRefusal } from '../../test/support/builders.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { silentLog } from '../lib/log.ts'
import type { ProbeResult } from '../model.ts'
import { budgetsOf } from './budgets.ts'
import { startProber } from './prober.ts'

const MINUTE = 60_000
const retry = {
  attempts: 3,
  delay: 1_000,
  maxDelay: 1_000,
  degradeAfterRetry: false,
  anyMethod: false,
}

type Metric = { name: string; values: { labels: { outcome?: string }; value: number }[] }

/** One endpoint that never answers, on a host that may be asked so often a minute; its retries, and when each attempt was. */
async function aStubbornProbe(perMinute: number) {
  const clock = new FakeClock()
  const attempts: number[] = []
  const results: ProbeResult[] = []
  const http = async () => {
    attempts.push(clock.monotonic())
    return { ...aRefusal(), curable: true }
  }
  const prober = startProber(
    {
      concurrency: 16,
      budgets: budgetsOf({ hostConcurrency: 1, budgets: { host: { perMinute }, payer: {} } }),
      vantage: 'us-east',
      control: [],
      userAgent: 'test',
      dnsMaxAge: MINUTE,
    },
    { state: () => {}, result: (result) => results.push(result) },
    { clock, random: () => 1, log: silentLog, probeId: () => 'p', probes: { http } },
  )
  const interval = 60 * MINUTE
  const endpoint = anEndpoint({ network: 'private', interval, confirmAfter: interval, retry })
  prober.assign({ endpoints: [endpoint], states: [], reset: [] })
  await clock.advance(MINUTE)
  const metrics = (await prober.metrics()) as Metric[] // safe: prom-client's form
  await prober[Symbol.asyncDispose]()
  const counted = metrics.find(({ name }) => name === 'payer_status_scheduler_retries_total')
  const counts = counted?.values.map(({ labels, value }) => [labels.outcome, value])
  return { result: results[0], attempts, counted: Object.fromEntries(counts ?? []) }
}

test('the attempts of a probe come as their host has tokens, and the result says how many there were', async () => {
  const { result, attempts, counted } = await aStubbornProbe(10)

  const [first = 0, ...later] = attempts.map(Math.round)
  assert.deepEqual(
    later.map((at) => at - first),
    [1_000, 3_000], // of two and a half tokens at first, and one in six seconds
  )
  assert.equal(result?.attempts, 3)
  assert.deepEqual(counted, { granted: 2, refused: 0 })
})

test('an attempt whose token would come too late is not begun, and counted as refused', async () => {
  const { result, attempts, counted } = await aStubbornProbe(2)

  assert.equal(attempts.length, 1)
  assert.equal(result?.attempts, 1)
  assert.deepEqual(counted, { granted: 0, refused: 1 })
})
