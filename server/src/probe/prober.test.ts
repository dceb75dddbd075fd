import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { endpointAt } from '../../test/support/far-side-endpoint.ts'
import { memoryLog } from '../../test/support/http-monitor.ts'
import type { Log, Observation, Probe } from '../ports.ts'
import { ProbeError } from './failure.ts'
import { createHttpProbe } from './http.ts'
import { runProbe } from './prober.ts'

const observation: Observation = {
  latencyMs: 12,
  statusCode: 200,
  connectionReused: false,
  tls: null,
  phases: { dnsMs: null, connectMs: 1, tlsMs: null, firstByteMs: 10, transferMs: 1 },
  bytes: 3,
  truncated: false,
  evidence: 'L1',
  verdict: 'up',
  attribution: 'none',
  codes: ['HTTP:200'],
  failure: null,
  progress: 'answered',
}
const refused: Observation = {
  ...observation,
  verdict: 'down',
  failure: { kind: 'connect', message: 'connection refused' },
}
const endpoint = endpointAt('http://127.0.0.1/', { via: 'clearinghouse-a' })

test('a result is what the probe saw, with its time, its id and its route', async () => {
  const clock = new FakeClock()

  const result = await run(async () => observation, { clock })

  assert.deepEqual(result, {
    ...observation,
    endpoint: endpoint.id,
    probe: 'probe-1',
    at: clock.now(),
    attempts: 1,
    via: 'clearinghouse-a',
  })
  assert.equal(clock.waiting, 0)
})

test('a bug in a probe is a result that says nothing of the payer and quotes nothing', async () => {
  const bugs: Probe[] = [
    async () => {
      throw new TypeError('CANARY is not a function')
    },
    () => {
      throw new Error('CANARY')
    },
    () => Promise.reject('CANARY'),
  ]

  for (const bug of bugs) {
    const result = await run(bug)

    assert.deepEqual(result.failure, { kind: 'probe_internal', message: 'the probe itself failed' })
    assert.deepEqual([result.verdict, result.attribution], ['unknown', 'probe'])
    assert.deepEqual([result.progress, result.codes], ['unsent', ['probe.internal']])
  }
})

test('a bug in a probe is logged by its code and its place, never by its text', async () => {
  const log = memoryLog()
  const bug = new TypeError('CANARY\n    at CANARY (one.ts:1:1)')
  const cause = new ProbeError('probe.internal', { cause: Object.assign(bug, { code: 'EMFILE' }) })
  const far = Object.assign(new Error('CANARY'), { stack: 'CANARY\n    at CANARY (one.ts:1:1)\n' })

  for (const thrown of [bug, cause, 'CANARY', Object.assign(far, { message: 'another' })])
    await run(() => Promise.reject(thrown), { log })

  const [first, second] = log.lines
  assert.deepEqual(
    log.lines.map(({ level, message, endpoint, code }) => [level, message, endpoint, code]),
    ['EMFILE', 'EMFILE', 'UnknownError', 'Error'].map((code) => [
      'error',
      'probe failed inside',
      endpoint.id,
      code,
    ]),
  )
  assert.match(String(first?.problem), /^at .*prober\.test\.ts:\d+:\d+/)
  assert.equal(second?.problem, first?.problem)
  assert.doesNotMatch(JSON.stringify(log.lines), /CANARY/)
})

test('what goes wrong deep inside an exchange, and nobody foresaw, is logged too', async () => {
  const log = memoryLog()
  const clock = new FakeClock()
  const resolve = async () => [{ address: 'no address at all', family: 4 }]
  await using http = createHttpProbe({ clock, userAgent: 'test/1.0', dnsMaxAge: 0, resolve })
  const named = endpointAt('http://payer.example/')

  const result = await runProbe(
    { probes: { http: http.probe }, clock, random: () => 0.5, log, probeId: () => 'probe-1' },
    named,
    { signal: new AbortController().signal, fresh: false },
  )

  assert.deepEqual(result.codes, ['probe.internal'])
  assert.deepEqual(
    log.lines.map(({ message, code }) => [message, code]),
    [['probe failed inside', 'ERR_INVALID_IP_ADDRESS']],
  )
  assert.doesNotMatch(JSON.stringify(log.lines), /no address at all/)
  assert.equal(clock.waiting, 0)
})

test('what fails for a known cause, or because it was stopped, is no line in the log', async () => {
  const log = memoryLog()
  const stopping = new AbortController()

  await run(() => Promise.reject(new ProbeError('connect.refused')), { log })
  await run(
    async () => {
      stopping.abort()
      throw new Error('cut short')
    },
    { log, signal: stopping.signal },
  )

  assert.deepEqual(log.lines, [])
})

test('a probe is told when its time is over', async () => {
  const clock = new FakeClock()
  let reason: unknown
  const waiting: Probe = (_, { signal }) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        reason = signal.reason
        resolve({ ...observation, verdict: 'down' })
      })
    })

  const running = run(waiting, { clock })
  await clock.advance(15_000)
  const result = await running

  assert.ok(reason instanceof DOMException && reason.name === 'TimeoutError')
  assert.equal(result.verdict, 'down')
  assert.equal(clock.waiting, 0)
})

test('a probe that does not end when told to is left behind', async () => {
  const clock = new FakeClock()

  const running = run(() => new Promise(() => {}), { clock })
  await clock.advance(16_000)
  const result = await running

  assert.deepEqual(result.codes, ['probe.internal'])
  assert.equal(result.latencyMs, 16_000)
  assert.equal(clock.waiting, 0)
})

test('a prober that is stopping asks nobody', async () => {
  let asked = 0

  const result = await run(
    async () => {
      asked++
      return observation
    },
    { signal: AbortSignal.abort() },
  )

  assert.equal(asked, 0)
  assert.deepEqual([result.verdict, result.progress], ['unknown', 'unsent'])
  assert.deepEqual(result.failure, {
    kind: 'probe_internal',
    message: 'stopped before the probe ended',
  })
})

test('a failure while stopping says nothing of the payer, an answer still counts', async () => {
  const stopping = () => new AbortController()
  const [first, second] = [stopping(), stopping()]

  const failed = await run(
    async () => {
      first.abort()
      return refused
    },
    { signal: first.signal },
  )
  const answered = await run(
    async () => {
      second.abort()
      return observation
    },
    { signal: second.signal },
  )

  assert.deepEqual([failed.verdict, failed.codes], ['unknown', ['probe.stopped']])
  assert.equal(answered.verdict, 'up')
})

test('whether a connection of its own is wanted is passed on', async () => {
  const asked: boolean[] = []
  const probe: Probe = async (_, { fresh }) => {
    asked.push(fresh)
    return observation
  }

  await run(probe, { fresh: true })
  await run(probe, { fresh: false })

  assert.deepEqual(asked, [true, false])
})

function run(
  http: Probe,
  {
    clock = new FakeClock(),
    signal = new AbortController().signal,
    fresh = false,
    log = memoryLog(),
  }: { clock?: FakeClock; signal?: AbortSignal; fresh?: boolean; log?: Log } = {},
) {
  const deps = { probes: { http }, clock, random: () => 0.5, log, probeId: () => 'probe-1' }
  return runProbe(deps, endpoint, { signal, fresh })
}
