import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { memoryLog, settings } from '../../test/support/http-monitor.ts'
import { aBook } from '../../test/support/hub-house.ts'
import { HUB_SETTINGS } from '../../test/support/hub-settings.ts'
import { noHistory } from '../../test/support/no-history.ts'
import { ListenError } from '../lib/errors.ts'
import { ThreadedGateway } from './threaded-gateway.ts'

/** A gateway thread that is a stand-in: it crashes when it is told to forget, and its second life cannot listen. */
function aGateway(lives = 0) {
  const clock = new FakeClock()
  const log = memoryLog()
  const { server, limits, auth } = settings({})
  const clients = new SharedArrayBuffer(4)
  new Int32Array(clients).fill(lives)
  const gateway = new ThreadedGateway({
    start: {
      settings: {
        server,
        limits,
        auth,
        hub: { ...HUB_SETTINGS, remember: 0, canary: false },
        node: '',
        canarySecret: 'not asked for',
        threads: 2,
      },
      shares: { clients, connections: new SharedArrayBuffer(4), thread: 1 },
      log: { level: 'error', isTerminal: false },
      version: '',
      boardDirectory: undefined,
      startedAt: 0,
    },
    entry: new URL('../../test/support/failing-gateway.mjs', import.meta.url),
    clock,
    log,
    bus: { request: () => Promise.reject(new Error('nobody asks')) },
    history: noHistory,
    beginning: () => ({
      board: aBook().board.copy(),
      standing: { readiness: { ready: true, reasons: [] }, apiKeys: [] },
      at: { host: '', port: 0, flag: '' },
    }),
    ended: () => {},
  })
  return { clock, log, gateway }
}

test('a thread that cannot listen at the start says why', async () => {
  const { gateway } = aGateway(1)

  await assert.rejects(gateway.begin(), ListenError)

  assert.ok(!gateway.isServing)
  await gateway[Symbol.asyncDispose]()
})

test('a thread that cannot begin again is tried until it can', async () => {
  const { gateway, clock, log } = aGateway()
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await gateway.stats()
  }
  const ends = () => log.lines.filter(({ message }) => message.includes('ended')).length
  await gateway.begin()

  gateway.tell({ say: 'forget', time: 0 })
  while (ends() < 1) await new Promise(setImmediate)
  const servedMeanwhile = gateway.isServing
  await clock.advance(500)
  await until(() => ends() === 2)
  await clock.advance(1_000)
  await until(() => gateway.isServing)

  assert.ok(!servedMeanwhile)
  assert.equal(gateway.restarts, 2)
  assert.deepEqual(
    log.lines.map(({ message }) => message),
    [
      'gateway thread failed',
      'gateway thread ended, starting another',
      'gateway thread could not begin',
      'gateway thread ended, starting another',
    ],
  )
  await gateway[Symbol.asyncDispose]()
})

test('what is asked of a thread that is not there is let go, and nobody waits', async () => {
  const { gateway, log } = aGateway()
  await gateway.begin()
  gateway.tell({ say: 'forget', time: 0 })
  while (log.lines.length < 2) await new Promise(setImmediate)

  const stats = await gateway.stats()
  await gateway.stand({ readiness: { ready: true, reasons: [] }, apiKeys: [] })
  await gateway.drain(60_000)

  assert.equal(stats, null)
  await assert.rejects(gateway.metrics(), { code: 'ERR_GATEWAY_GONE' })
  await gateway[Symbol.asyncDispose]()
})
