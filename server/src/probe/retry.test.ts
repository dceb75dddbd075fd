import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { aRefusal, aResult, aServerError } from '../../test/support/builders.ts'
import { FakeClock, settle } from '../../test/support/fake-clock.ts'
import { endpointAt } from '../../test/support/far-side-endpoint.ts'
import type { Endpoint, Retry } from '../config/config.ts'
import type { Again, Observed } from '../ports.ts'
import { runProbe } from './prober.ts'
import { isPassingCause, isPassingStatus, waitBefore } from './retry.ts'

const retry: Retry = {
  attempts: 3,
  delay: 2_000,
  maxDelay: 10_000,
  degradeAfterRetry: false,
  anyMethod: false,
}
const refused: Observed = { ...aRefusal({ attribution: 'path' }), curable: true }
const healthy: Observed = aResult()

test('the most that is waited doubles up to its bound, and chance takes any part of it', () => {
  const waits = (random: number) =>
    [2, 3, 4, 5].map((next) => waitBefore(next, retry, { least: 0, random: () => random }))

  assert.deepEqual(waits(1), [2_000, 4_000, 8_000, 10_000])
  assert.deepEqual(waits(0.5), [1_000, 2_000, 4_000, 5_000])
  assert.deepEqual(waits(0), [0, 0, 0, 0])
})

test('no wait is shorter than the least or longer than the bound', () => {
  const ms = fc.integer({ min: 10, max: 300_000 })

  fc.assert(
    fc.property(
      ms,
      ms,
      fc.integer({ min: 2, max: 5 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (...args) => {
        const [delay, maxDelay, next, chance] = args
        const wait = waitBefore(
          next,
          { ...retry, delay, maxDelay },
          { least: 1_000, random: () => chance },
        )

        assert.ok(wait >= 1_000 && wait <= Math.max(1_000, maxDelay))
      },
    ),
  )
})

test('what passes is told from what does not', () => {
  for (const code of [
    'connect.refused',
    'connect.timeout',
    'timeout.ttfb',
    'dns.servfail',
  ] as const)
    assert.equal(isPassingCause(code), true, code)
  for (const code of ['tls.expired', 'tls.untrusted', 'tls.hostname', 'dns.nxdomain'] as const)
    assert.equal(isPassingCause(code), false, code)
  for (const code of ['probe.misconfigured', 'address.refused', 'redirect.too_many'] as const)
    assert.equal(isPassingCause(code), false, code)
  for (const status of [429, 502, 503, 504]) {
    assert.equal(isPassingStatus(status, false), true)
    assert.equal(isPassingStatus(status, true), false)
  }
  for (const status of [200, 302, 400, 401, 404, 408, 500, 501, 505])
    assert.equal(isPassingStatus(status, false), false, String(status))
})

test('without retries a probe asks once', async () => {
  const { result, asked } = await probed({ seen: [refused] })

  assert.deepEqual([result.attempts, result.codes], [1, ['connect.refused']])
  assert.equal(asked.length, 1)
})

test('it asks until it succeeds, on a new connection each time, and says how often', async () => {
  const { result, asked } = await probed({ retry, seen: [refused, refused, healthy] })

  assert.deepEqual([result.attempts, result.verdict, result.failure], [3, 'up', null])
  assert.deepEqual(asked, [
    { at: 0, fresh: false },
    { at: 1_000, fresh: true },
    { at: 3_000, fresh: true },
  ])
  assert.ok(!('curable' in result))
})

test('it asks no more often than it may', async () => {
  const { result, asked } = await probed({ retry, seen: [refused] })

  assert.deepEqual([result.attempts, asked.length], [3, 3])
  assert.deepEqual(result.failure, { kind: 'connect', message: 'connection refused' })
})

test('it stops as soon as a retry cannot cure what came', async () => {
  const { result, asked } = await probed({ retry, seen: [refused, aServerError()] })

  assert.deepEqual([result.attempts, result.codes, asked.length], [2, ['HTTP:500'], 2])
})

test('a public host is left alone for at least a second', async () => {
  const { asked } = await probed({ retry, seen: [refused], network: 'public', random: 0 })

  assert.deepEqual(
    asked.map(({ at }) => at),
    [0, 1_000, 2_000],
  )
})

test('an answer only after a retry is degraded where that is wanted, for the first reason', async () => {
  const strict = { ...retry, degradeAfterRetry: true }

  const late = await probed({
    retry: strict,
    seen: [refused, aServerError({ codes: [] }), healthy],
  })
  const second = await probed({ retry: strict, seen: [refused, healthy] })
  const first = await probed({ retry: strict, seen: [healthy] })

  assert.equal(late.result.attempts, 2)
  assert.deepEqual([second.result.verdict, second.result.attribution], ['degraded', 'path'])
  assert.deepEqual(second.result.codes, ['HTTP:200', 'retried'])
  assert.deepEqual(second.result.failure, {
    kind: 'connect',
    message: 'answered only at attempt 2: connection refused',
  })
  assert.deepEqual([first.result.verdict, first.result.failure], ['up', null])
})

test('what would not begin within the time of one probe is not begun', async () => {
  const { result, asked } = await probed({ retry, seen: [refused], total: 1_000 })

  assert.deepEqual([result.attempts, asked.length], [1, 1])
  assert.deepEqual(result.codes, ['connect.refused'])
})

test('a retry waits for its token, once it has waited for its time', async () => {
  const within: number[] = []
  const waits = [5_000, 0]
  const again: Again = (ms) => {
    within.push(ms)
    return waits.shift()
  }

  const { result, asked } = await probed({ retry, seen: [refused, refused, healthy], again })

  assert.equal(result.attempts, 3)
  assert.deepEqual(
    asked.map(({ at }) => at),
    [0, 6_000, 8_000],
  )
  assert.deepEqual(within, [19_000, 12_000])
})

test('without a token there is no retry, and none is asked for where there is no time', async () => {
  const refusing = await probed({ retry, seen: [refused], again: () => undefined })
  const late = await probed({
    retry,
    seen: [refused],
    total: 1_000,
    again: () => assert.fail('a token was asked for'),
  })

  assert.deepEqual([refusing.result.attempts, refusing.result.codes], [1, ['connect.refused']])
  assert.deepEqual([late.result.attempts, late.result.codes], [1, ['connect.refused']])
})

test('a retry that runs out of time leaves what was seen before', async () => {
  const { result, clock } = await probed({ retry, seen: [refused, 'silent'], total: 1_500 })

  assert.deepEqual([result.attempts, result.codes], [2, ['connect.refused']])
  assert.equal(result.at - clock.start, 1_500)
  assert.equal(clock.waiting, 0)
})

test('a probe that is stopped while it waits ends at once', async () => {
  const clock = new FakeClock()
  const stop = new AbortController()
  const probing = runProbe(
    { probes: { http: async () => refused }, clock, random: () => 1, probeId: () => 'p' },
    endpointAt('http://h.example/', { retry }),
    { signal: stop.signal, fresh: false },
  )
  await settle()

  stop.abort()

  assert.deepEqual((await probing).codes, ['probe.stopped'])
  assert.equal(clock.waiting, 0)
})

type Scene = {
  /** What each attempt sees, the last one for ever; `silent` ends only when it is aborted. */
  seen: (Observed | 'silent')[]
  retry?: Retry
  network?: Endpoint['network']
  random?: number
  total?: number
  again?: Again
}

async function probed(scene: Scene) {
  const { seen, retry, network = 'private', random = 0.5, total = 20_000, again = () => 0 } = scene
  const clock = new FakeClock()
  const start = clock.now()
  const asked: { at: number; fresh: boolean }[] = []
  const { timeouts } = endpointAt('http://h.example/')
  const endpoint = endpointAt('http://h.example/', {
    network,
    timeouts: { ...timeouts, total },
    ...(retry && { retry }),
  })
  const http = async (_: Endpoint, how: { signal: AbortSignal; fresh: boolean }) => {
    asked.push({ at: clock.now() - start, fresh: how.fresh })
    const one = seen[Math.min(asked.length, seen.length) - 1] ?? 'silent'
    if (one !== 'silent') return one
    await new Promise((resolve) => how.signal.addEventListener('abort', resolve))
    return { ...aRefusal({ codes: ['timeout.ttfb'] }), curable: true }
  }
  const deps = { probes: { http }, clock, random: () => random, probeId: () => 'p' }
  const how = { signal: new AbortController().signal, fresh: false, again }

  const probing = runProbe(deps, endpoint, how)
  await clock.advance(30_000)

  return { result: await probing, asked, clock: { start, waiting: clock.waiting } }
}
