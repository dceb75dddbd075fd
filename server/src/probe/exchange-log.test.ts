import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEndpoint } from '../../test/support/builders.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { closedPort } from '../../test/support/far-side.ts'
import { endpointAt, startProber } from '../../test/support/far-side-endpoint.ts'
import { http2Side } from '../../test/support/far-side-http2.ts'
import { type Log, type LogFields, silentLog } from '../lib/log.ts'
import { ExchangeLog } from './exchange-log.ts'

/** A log of exchanges that keeps its lines, with the level it wants to be written at. */
function aLog(clock = new FakeClock()) {
  const lines: LogFields[] = []
  const levels: unknown[] = []
  const log: Log = {
    ...silentLog,
    debug: (fields) => void lines.push(fields),
    child: (_, options) => {
      levels.push(options?.level)
      return log
    },
  }
  return { clock, lines, levels, exchanges: new ExchangeLog({ clock, log }) }
}

test('each attempt has its line, which says why there was no answer', async () => {
  const { lines, levels, exchanges } = aLog()
  const url = `http://127.0.0.1:${await closedPort()}`
  await using prober = startProber({ watcherOf: (...args) => exchanges.watcherOf(...args) })
  const retry = {
    attempts: 2,
    delay: 10,
    maxDelay: 10,
    degradeAfterRetry: false,
    anyMethod: false,
  }

  await prober.ask(endpointAt(url, { retry, logExchanges: true }))

  const [first, second] = lines
  assert.deepEqual(levels, ['debug'])
  assert.deepEqual([first?.attempt, second?.attempt, lines.length], [1, 2, 2])
  assert.deepEqual([first?.code, first?.statusCode], ['connect.refused', undefined])
  assert.equal(first?.probe, second?.probe)
})

test('the version of HTTP is that of the answer', async () => {
  const { lines, exchanges } = aLog()
  await using side = await http2Side((stream) => {
    stream.respond({ ':status': 200 })
    stream.end()
  })
  await using prober = startProber({ watcherOf: (...args) => exchanges.watcherOf(...args) })

  await prober.ask(endpointAt(side.origin, { http2: true, logExchanges: true }))

  assert.equal(lines[0]?.httpVersion, '2.0')
})

test('what is switched on for a time ends by itself', async () => {
  const { clock, exchanges } = aLog()
  const endpoint = anEndpoint()
  const isWatched = () => exchanges.watcherOf(endpoint, undefined) !== undefined

  assert.ok(!isWatched())
  exchanges.trace([{ endpoint: endpoint.id, until: clock.now() + 1_000 }])
  assert.ok(isWatched())
  await clock.advance(1_000)
  assert.ok(!isWatched())
})
