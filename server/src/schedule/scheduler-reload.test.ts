import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPlan, aScheduler, MINUTE, ofPayer, onHost } from '../../test/support/a-scheduler.ts'

test('a reload that removes who waits for a host never costs those behind it their turn', async () => {
  const { clock, scheduler, started } = aScheduler(5_000)
  const plans = ['a/1', 'a/2', 'a/3'].map((id) => aPlan({ id }))
  scheduler.assign(plans)
  await clock.advance(1_000)
  const running = started[0]!.id
  const survivor = plans.find(({ id }) => id !== running && id !== 'a/2') ?? plans[2]!

  scheduler.assign([survivor])
  await clock.advance(60 * MINUTE)

  const probes = started.filter(({ id }) => id === survivor.id).length
  assert.ok(probes >= 59, String(probes))
})

test('a shorter interval takes effect also when the endpoint is just being probed', async () => {
  const { clock, scheduler, started } = aScheduler(5_000)
  scheduler.assign([aPlan({ interval: 7 * 24 * 60 * MINUTE })])
  await clock.advance(1_000)

  scheduler.assign([aPlan({ interval: MINUTE })])
  await clock.advance(60 * MINUTE)

  assert.ok(started.length >= 59, String(started.length))
})

test('an endpoint that moves to another host while it waits counts for that host afterwards', async () => {
  const { clock, scheduler, started } = aScheduler(2_000)
  scheduler.assign([aPlan({ id: 'a/1', host: 'old' }), aPlan({ id: 'a/2', host: 'old' })])
  await clock.advance(1_000)
  const before = started.map(({ id }) => id)

  scheduler.assign([
    aPlan({ id: 'a/1', host: 'new', interval: 5_000 }),
    aPlan({ id: 'a/2', host: 'new', interval: 5_000 }),
  ])
  await clock.advance(10 * MINUTE)

  const [first, ...later] = started.slice(before.length)
  assert.equal(before.length, 1)
  assert.notEqual(first?.id, before[0])
  assert.equal(first?.at, 1_000)
  for (const [i, { at }] of later.entries()) assert.ok(at - started[before.length + i]!.at >= 2_000)
})

test('whoever else comes, goes and changes places, who stays is probed as if nothing had happened', async () => {
  const budgets = [
    [onHost('a', { perMinute: 4 })],
    [onHost('b', { concurrent: 2 }), ofPayer('p', { concurrent: 2, perMinute: 20 })],
  ]
  const plans = Array.from({ length: 40 }, (_, i) =>
    aPlan({ id: `p/${i}`, interval: (5 + (i % 7)) * MINUTE, shares: budgets[i % 2] ?? [] }),
  )
  const others = (round: number) =>
    Array.from({ length: round % 5 }, (_, i) => aPlan({ id: `q/${round} ${i}`, shares: [] }))
  const left = aScheduler(3_000, { concurrency: 100 })
  const moved = aScheduler(3_000, { concurrency: 100 })
  for (const { scheduler } of [left, moved]) scheduler.assign(plans)
  await left.clock.advance(30 * MINUTE)

  let crowds = 0
  for (let round = 0; round < 180; round++) {
    await moved.clock.advance(10_000)
    const turned = round % 2 ? plans : plans.toReversed()
    moved.scheduler.assign([...others(round), ...turned])
    if (moved.scheduler.load.waiting > 0 && moved.scheduler.load.running > 0) crowds++
  }

  assert.ok(crowds > 10, String(crowds))
  assert.ok(left.started.length > 100, String(left.started.length))
  assert.deepEqual(
    moved.started.filter(({ id }) => id.startsWith('p/')),
    left.started,
  )
})
