import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { Admission } from './admission.ts'
import { forgetThread, headCountMemory, SharedHeadCount } from './shared-head-count.ts'

function counts(threads: number, chance = 0.7) {
  const memory = headCountMemory(threads, chance)
  const each = Array.from({ length: threads }, (_, i) => new SharedHeadCount(memory, i))
  return { memory, each }
}

test('every thread sees what all of them count', () => {
  const { each } = counts(3)

  each[0]!.add('192.0.2.1')
  each[1]!.add('192.0.2.1')
  each[1]!.add('192.0.2.2')
  each[2]!.add('192.0.2.1')
  each[2]!.remove('192.0.2.1')

  assert.deepEqual(
    each.map((count) => [count.total, count.from('192.0.2.1'), count.from('192.0.2.2')]),
    [
      [3, 2, 1],
      [3, 2, 1],
      [3, 2, 1],
    ],
  )
})

test('an address is never counted too low, and hardly ever too high', () => {
  const { each } = counts(2)
  const addresses = Array.from({ length: 9_000 }, (_, i) => `10.${i >> 8}.${i & 255}.7`)

  for (const address of addresses) each[1]!.add(address)

  const seen = addresses.map((address) => each[0]!.from(address))
  assert.ok(seen.every((count) => count >= 1))
  assert.ok(seen.filter((count) => count > 2).length < 90)
})

test('a thread that ended is forgotten, and the others are not', () => {
  const { memory, each } = counts(2)
  each[0]!.add('192.0.2.1')
  each[1]!.add('192.0.2.1')

  forgetThread(memory, 1)

  assert.deepEqual([each[0]!.total, each[0]!.from('192.0.2.1')], [1, 1])
  assert.equal(new SharedHeadCount(memory, 1).total, 1)
})

test('the memory is seen by other threads', async () => {
  const { memory, each } = counts(2)
  const code = `
    const { workerData } = require('node:worker_threads')
    import(workerData.url).then(({ SharedHeadCount }) =>
      new SharedHeadCount(workerData.memory, 1).add('192.0.2.1'))`
  const url = new URL('./shared-head-count.ts', import.meta.url).href

  await once(new Worker(code, { eval: true, workerData: { url, memory } }), 'exit')

  assert.deepEqual([each[0]!.total, each[0]!.from('192.0.2.1')], [1, 1])
})

test('what is left of a place is given away once, whichever thread is asked', () => {
  const { each } = counts(2)
  const limits = {
    maxConnections: 3,
    connectionsPerAddress: 2,
    handshakesPerSecond: 100,
    handshakesAtOnce: 100,
  }
  const [a, b] = each.map(
    (clients) => new Admission(limits, { clock: new FakeClock(), random: () => 0.5, clients }),
  )
  const isIn = (place: object) => 'release' in place

  const first = a!.admit('192.0.2.1')
  const asked = [b!.admit('192.0.2.1'), a!.admit('192.0.2.1'), b!.admit('192.0.2.1')]
  const others = [b!.admit('192.0.2.2'), a!.admit('192.0.2.3')]
  if ('release' in first) first.release()
  const again = b!.admit('192.0.2.3')

  assert.deepEqual(asked.map(isIn), [true, false, false])
  assert.deepEqual(others.map(isIn), [true, false])
  assert.ok(isIn(again))
})
