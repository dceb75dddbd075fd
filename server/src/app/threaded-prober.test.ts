import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEndpoint } from '../../test/support/builders.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { silentLog } from '../lib/log.ts'
import type { EndpointState } from '../model.ts'
import { initialState } from '../status/judge.ts'
import { budgetsOf } from './budgets.ts'
import { ThreadedProber } from './threaded-prober.ts'

const settings = {
  concurrency: 4,
  budgets: budgetsOf({ hostConcurrency: 1, budgets: { host: {}, payer: {} } }),
  vantage: 'local',
  control: [],
  userAgent: 'test',
  dnsMaxAge: 60_000,
}

/** A prober whose thread is a stand-in that can be made to crash. */
function aProber() {
  const clock = new FakeClock()
  const known = initialState(anEndpoint(), 'local', 1)
  let onState = (_: EndpointState) => {}
  let onEnded = () => {}
  const prober = new ThreadedProber({
    start: { settings, log: { level: 'error', isTerminal: false } },
    clock,
    log: {
      ...silentLog,
      error: (_, message) => {
        if (message.startsWith('prober thread ended')) onEnded()
      },
    },
    tell: { state: (state) => onState(state), result: () => {} },
    knownStates: () => [known],
    entry: new URL('../../test/support/crashing-thread.mjs', import.meta.url),
  })
  return {
    clock,
    prober,
    told: () =>
      new Promise<EndpointState>((resolve) => {
        onState = resolve
      }),
    ended: () =>
      new Promise<void>((resolve) => {
        onEnded = resolve
      }),
  }
}

test('a thread that crashes is started again and goes on from the last known states', async () => {
  const { clock, prober, told, ended } = aProber()
  const crashed = ended()
  prober.assign({ endpoints: [anEndpoint({ id: 'crash' })], states: [], reset: [] })
  await crashed
  prober.assign({ endpoints: [anEndpoint()], states: [], reset: [] })

  const state = told()
  await clock.advance(500)

  assert.equal((await state).endpoint, 'aetna/eligibility')
  assert.equal(prober.restarts, 1)
  await prober[Symbol.asyncDispose]()
})

test('what was asked of a thread that crashes is refused, not left waiting', async () => {
  const { prober, ended } = aProber()
  const crashed = ended()
  prober.assign({ endpoints: [anEndpoint({ id: 'crash' })], states: [], reset: [] })
  await crashed

  const asked = prober.probeNow('aetna/eligibility')
  await prober[Symbol.asyncDispose]()

  await assert.rejects(asked, { code: 'ERR_PROBER_GONE' })
})

test('disposing twice stops the thread once', async () => {
  const { prober } = aProber()

  await Promise.all([prober[Symbol.asyncDispose](), prober[Symbol.asyncDispose]()])

  await assert.rejects(Promise.race([prober.metrics(), Promise.reject(new Error('gone'))]))
})
