import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempDisposable, readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { blackboxMissing, startBlackbox } from './blackbox.ts'
import { topicName } from './change.ts'
import type { Offer, RunningRival } from './rival.ts'
import { connectSmall, type SmallClient } from './small-client.ts'
import { rivals } from './table.ts'

const LIMIT = { timeout: 10_000 }
const TOPICS = [0, 1, 2, 3, 4].map(topicName)
const CLIENTS = TOPICS.length

for (const rival of rivals) {
  test(rival.name, LIMIT, async (t) => {
    const missing = await rival.missing()
    if (missing !== undefined) return t.skip(`not run: ${missing}`)
    await using folder = await mkdtempDisposable(join(tmpdir(), 'payer-status-rivals-'))
    await using running = await rival.start({ folder: folder.path, clients: 10 })

    await t.test('delivers each change once to each client', async () => {
      await using clients = await subscribed(running)
      const begin = process.hrtime.bigint()

      const published = await running.publish(offerOf(3, {}))
      await running.publish(offerOf(1, {}))
      await Promise.all(clients.list.map((client) => client.hears(4, begin)))

      assert.equal(published, 3)
      for (const { after } of clients.list) assert.equal(new Set(after(begin)).size, 4)
      for (const { after } of clients.list) assert.equal(after(begin).length, 4)
    })

    await t.test('delivers to a client what its topic gets', async () => {
      await using clients = await subscribed(running, TOPICS)
      const begin = process.hrtime.bigint()

      await running.publish(offerOf(3, { topics: TOPICS.slice(0, 1) }))
      await running.publish(offerOf(5, { topics: TOPICS, batch: 5 }))
      await Promise.all(clients.list.map((client, i) => client.hears(i === 0 ? 4 : 1, begin)))

      const heard = clients.list.map(({ after }) => after(begin).length)
      assert.deepEqual(heard, [4, 1, 1, 1, 1])
    })

    await t.test('leaves no process and no file behind', async () => {
      await running[Symbol.asyncDispose]()

      assert.deepEqual(await readdir(folder.path), [])
      for (const pid of running.pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
    })
  })
}

test('the blackbox exporter probes an address over a new connection', LIMIT, async (t) => {
  const missing = await blackboxMissing()
  if (missing !== undefined) return t.skip(`not run: ${missing}`)
  await using folder = await mkdtempDisposable(join(tmpdir(), 'payer-status-rivals-'))
  await using blackbox = await startBlackbox({ folder: folder.path })
  const target = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1')
  t.after(() => target.close())
  await once(target, 'listening')
  let connections = 0
  target.on('connection', () => connections++)

  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`
  const probes = [await blackbox.probe(url), await blackbox.probe(url)]

  assert.equal(connections, 2)
  for (const { success, durationMs } of probes) assert.ok(success && durationMs > 0)
})

/** Connects the clients, and publishes until each has heard something: it is subscribed then. */
async function subscribed(running: RunningRival, topics?: readonly string[]) {
  await using connecting = new AsyncDisposableStack()
  const list: SmallClient[] = []
  for (let index = 0; index < CLIENTS; index++) {
    const as = { port: running.port, index }
    list.push(connecting.use(await connectSmall(running.loadArguments(topics), as)))
  }
  const all = topics === undefined ? {} : { topics }
  while (list.some((client) => client.after(0n).length === 0)) {
    await running.publish(offerOf(CLIENTS, { batch: CLIENTS, ...all }))
  }
  const connected = connecting.move()
  return { list, [Symbol.asyncDispose]: () => connected.disposeAsync() }
}

function offerOf(count: number, more: Partial<Offer>): Offer {
  return { count, batch: 1, intervalMs: 10, bytes: 220, ...more }
}
