import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { tempDirectory } from '../../test/corpus/load-text.ts'
import { aCanary, aFarSide, HEARTBEAT, PATIENCE, SECRET } from '../../test/support/canary-house.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { aServer } from '../../test/support/serve-house.ts'
import { loadConfig } from '../config/load.ts'
import { PASS_HEADER, THREAD_HEADER } from '../serve/canary-pass.ts'
import { startApp } from './app.ts'

const PASS = { secret: SECRET, thread: 0 }

test('the canary comes in whatever the limits, is told what is new, and is in no figure of clients', async () => {
  const clock = new FakeClock()
  const settings = { maxConnections: 0, handshakesPerSecond: 1, heartbeat: HEARTBEAT }
  await using server = await aServer({ settings, clock, canary: PASS })
  const { hub, book, port } = server
  const house = aCanary(`ws://127.0.0.1:${port}/ws`, { clock })
  const { delivery } = house.canary.figures
  await house.until(() => hub.counters.framesReceived === 1)

  const { result } = book.board.endpoint('aetna/login')!.log.value!
  await clock.advance(1_000)
  book.result('aetna/login', { result: { ...result!, at: clock.now() - 40 } })
  server.changed()
  await clock.advance(0)
  await house.until(() => delivery.count === 1)
  house.canary[Symbol.dispose]()
  await house.until(() => hub.size === 0)

  const { connections, resumes, subscriptions, handshakes, closes } = hub.counters
  assert.equal(delivery.sum, 0.04)
  assert.deepEqual(connections, { v1: 0, v2: 0, sse: 0 })
  assert.deepEqual(resumes, { resumed: 0, snapshot: 0 })
  assert.deepEqual([subscriptions, handshakes.size, closes.size], [0, 0, 0])
  assert.equal(house.canary.push, 'arrives')
})

test('without the secret a client is a client', async () => {
  for (const canary of [PASS, undefined, { secret: '', thread: 0 }]) {
    await using server = await aServer({
      settings: { maxConnections: 0 },
      ...(canary && { canary }),
    })
    for (const said of ['', 'a-secreT', `${SECRET}x`, ...(canary === PASS ? [] : [SECRET])]) {
      const headers = { [PASS_HEADER]: said }
      const ws = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, 'payer-status-v2', { headers })
      const [, answer] = (await once(ws, 'unexpected-response')) as [object, IncomingMessage]
      answer.destroy()

      assert.deepEqual([answer.statusCode, answer.headers[THREAD_HEADER]], [503, undefined])
    }
  }
})

test('a connection that says nothing any more is given up, and that is told until something arrives', async () => {
  await using far = await aFarSide()
  await far.until(() => far.open.length === 1)
  await far.heartbeat(7)

  await far.pass(PATIENCE)
  const silent = [far.canary.push, far.failures().silent, far.noted.changes]
  await far.until(() => far.clients.length > 1)
  await far.pass(3_000)
  const greeted = far.canary.push // a greeting alone proves nothing
  await far.until(() => far.open.length === 1)
  await far.heartbeat(7)
  await far.pass(1_000)

  assert.deepEqual(silent, ['broken', 1, 1])
  assert.deepEqual([greeted, far.canary.push], ['broken', 'arrives'])
  assert.deepEqual(far.said(), ['error push does not arrive', 'info push arrives again'])
  assert.ok(far.clients.every(({ secret }) => secret === SECRET))
})

test('a connection that lives, but is not told what the log has, is as bad', async () => {
  await using far = await aFarSide()
  await far.until(() => far.open.length === 1)
  far.noted.rev = 9
  for (let beat = 0; beat < 4; beat++) {
    await far.heartbeat(8)
    await far.pass(HEARTBEAT)
  }
  const behind = [far.canary.push, far.failures().behind, far.canary.figures.hearing]

  await far.heartbeat(9)
  await far.pass(1_000)

  assert.deepEqual(behind, ['broken', 1, 0])
  assert.deepEqual([far.canary.push, far.clients.length], ['arrives', 1])
})

test('a connection that is cut comes back; it is a failure where it was not meant', async () => {
  await using far = await aFarSide()
  await far.until(() => far.open.length === 1)

  far.clients[0]!.ws.close(4201, 'maximum age')
  await far.until(() => far.canary.figures.hearing === 0)
  await far.pass(1_000)
  await far.until(() => far.open.length === 1)
  const meant = far.failures()
  far.clients.at(-1)!.ws.terminate()
  await far.until(() => far.canary.figures.hearing === 0)
  await far.pass(1_000)
  await far.until(() => far.open.length === 1)

  assert.deepEqual([meant, far.failures()], [{}, { lost: 1 }])
  assert.equal(far.canary.push, 'arrives')
})

test('where nobody answers it tries again, less and less often, and has proven nothing', async () => {
  using house = disposing(aCanary('ws://127.0.0.1:1/ws'))

  await house.until(() => house.failures().unreachable === 1)
  for (const seconds of [1, 2, 4, 8, 8, 8, 8]) {
    const before = house.failures().unreachable ?? 0
    await house.pass((seconds - 1) * 1_000)
    assert.equal(house.failures().unreachable, before)
    await house.pass(1_000)
    await house.until(() => house.failures().unreachable === before + 1)
  }

  assert.equal(house.canary.push, 'unproven')
  assert.equal(house.canary.figures.hearing, 0)
})

test('a handshake that is answered otherwise is told apart', async () => {
  await using far = await aFarSide({ refuses: true })

  await far.until(() => far.failures().refused === 1)

  assert.deepEqual(far.failures(), { refused: 1 })
})

test('each of several threads is found, however the system hands out connections', async () => {
  const order = [1, 1, 0, 1, 0, 2]
  await using far = await aFarSide({ threads: 3, threadOf: (connection) => order[connection] ?? 2 })
  await far.until(() => far.clients.length === order.length && far.open.length === 3)

  for (let beat = 0; beat < 3; beat++) {
    await far.heartbeat(5, (thread) => thread !== 1)
    await far.pass(HEARTBEAT)
  }

  assert.equal(far.canary.push, 'partly')
  assert.equal(far.canary.figures.hearing, 2)
})

test('a monitor whose pushes arrive nowhere is not ready, and says why', async () => {
  await using directory = await tempDirectory()
  await directory.write('payers.yaml', 'version: 1\nhub: { heartbeat: 1s }\npayers: []\n')
  const clock = new FakeClock()
  const flags = { 'server.port': '0', 'metrics.port': '0', 'store.url': 'memory:' }
  const where = { path: undefined, cwd: directory.path, env: {}, flags, shipped: '/absent' }
  const load = () => loadConfig(where)
  await using app = await startApp(await load(), load, { clock })
  const seen = async () => {
    const [ready, metrics] = await Promise.all([
      fetch(`${app.url}/readyz`),
      fetch(`${app.metricsUrl}/metrics`),
    ])
    const { reasons } = (await ready.json()) as { reasons: string[] }
    const figures = /^payer_status_canary_up (\d)$/m.exec(await metrics.text()) ?? []
    return [ready.status, ...reasons, figures[1]]
  }
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      await clock.advance(1_000)
      await seen() // what comes over the network has had its turn
    }
  }

  await pass(12)
  const before = await seen()
  app.hub.closeAll() // nobody is let in any more
  await pass(12)

  assert.deepEqual(before, [200, '1'])
  assert.deepEqual(await seen(), [503, 'push', '0'])
})

function disposing<T extends { canary: Disposable }>(house: T): T & Disposable {
  return { ...house, [Symbol.dispose]: () => house.canary[Symbol.dispose]() }
}
