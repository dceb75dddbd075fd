import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  aPlan,
  aScheduler,
  MINUTE,
  ofPayer,
  onHost,
  type Started,
} from '../../test/support/a-scheduler.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import type { Share } from './gate.ts'
import { Places } from './places.ts'

const many = (count: number, shares: (i: number) => Share[]) =>
  Array.from({ length: count }, (_, i) => aPlan({ id: `p/${i}`, shares: shares(i) }))

/** The most probes that started within a minute. */
function mostInAMinute(started: readonly Started[]): number {
  const counts = started.map(
    ({ at }) => started.filter((other) => other.at >= at && other.at < at + MINUTE).length,
  )
  return Math.max(...counts)
}

test('a host is asked a quarter of a minute’s probes at once and the others evenly, and none is lost', async () => {
  const { clock, scheduler, started } = aScheduler(10)
  scheduler.assign(many(10, () => [onHost('a', { perMinute: 12 })]))

  await clock.advance(30 * MINUTE)

  assert.equal(started.filter(({ at }) => at < 1_000).length, 3)
  assert.ok(mostInAMinute(started) <= 12 + 3)
  assert.ok(scheduler.counts.deferred.host_rate > 0)
  const counts = Map.groupBy(started, ({ id }) => id)
  for (const { length } of counts.values()) assert.ok(length >= 29, String(length))
  assert.equal(counts.size, 10)
})

test('a probe without a token starts when the token is there, not later', async () => {
  const { clock, scheduler, started } = aScheduler(1)
  scheduler.assign(many(4, () => [onHost('a', { perMinute: 4 })]))

  await clock.advance(50_000)

  const gaps = started.slice(1).map(({ at }, i) => at - started[i]!.at)
  assert.deepEqual(gaps.map(Math.round), [15_000, 15_000, 15_000])
})

test('all endpoints of a payer share its places, on whatever host they are', async () => {
  const { clock, scheduler, started, most } = aScheduler(2_000)
  scheduler.assign(many(12, (i) => [onHost(`h${i}`), ofPayer('aetna', { concurrent: 4 })]))

  await clock.advance(10 * MINUTE)

  assert.equal(most(), 4)
  assert.ok(scheduler.counts.deferred.payer > 0)
  assert.ok(started.length >= 12 * 9, String(started.length))
})

test('all endpoints of a payer share its tokens', async () => {
  const { clock, scheduler, started } = aScheduler(10)
  scheduler.assign(many(6, (i) => [onHost(`h${i}`), ofPayer('aetna', { perMinute: 8 })]))

  await clock.advance(10 * MINUTE)

  assert.ok(mostInAMinute(started) <= 10)
  assert.ok(scheduler.counts.deferred.payer_rate > 0)
})

test('one payer that is busy does not hold up another on the same host', async () => {
  const { clock, scheduler, started } = aScheduler(20_000)
  const shares = (i: number) => [
    onHost('platform', { concurrent: 4 }),
    ofPayer(i < 6 ? 'aetna' : 'cigna', { concurrent: 1 }),
  ]
  scheduler.assign(many(7, shares))

  await clock.advance(2_000)

  assert.ok(started.some(({ id }) => id === 'p/6'))
  assert.equal(started.length, 2)
})

test('a probe that a person asks for waits for its token too', async () => {
  const { clock, scheduler, started } = aScheduler(1)
  const plans = many(3, () => [onHost('a', { perMinute: 4 })])
  scheduler.assign(plans.map((plan) => ({ ...plan, interval: 60 * MINUTE })))
  await clock.advance(60_000)
  const before = started.length

  const asked = [0, 1, 2].map((i) => scheduler.probeNow(`p/${i}`))
  await clock.advance(1_000)
  const soon = started.length - before
  await clock.advance(60_000)
  await Promise.all(asked)

  assert.equal(soon, 1)
})

test('what waited for a token and is gone takes no token', async () => {
  const { clock, scheduler, started } = aScheduler(10)
  scheduler.assign(many(8, () => [onHost('a', { perMinute: 4 })]))
  await clock.advance(1_000)

  scheduler.assign([])
  await clock.advance(10 * MINUTE)

  assert.equal(started.length, 1)
  assert.equal(scheduler.load.waiting, 0)
})

/** Places in which one runs, on a host that may be asked twelve times a minute. */
function aRunningProbe() {
  const clock = new FakeClock()
  const places = new Places<{ shares: readonly Share[]; isQueued: boolean }>(clock, 4)
  const come = () => {
    const item = { shares: [onHost('a', { perMinute: 12 })], isQueued: false }
    places.enqueue(item)
    return item
  }
  const running = come()
  places.next()
  return { clock, places, come, running }
}

test('a further attempt takes a token like any other, and waits for it', async () => {
  const { clock, places, running } = aRunningProbe()

  const waits = [1, 2, 3, 4].map(() => places.again(running, 20_000))

  assert.deepEqual(waits, [0, 0, 5_000, 10_000])
  await clock.advance(10_000)
  assert.equal(places.again(running, 5_001), 5_000)
})

test('a further attempt that would not get its token in time spends none', () => {
  const { places, running } = aRunningProbe()
  for (let i = 0; i < 3; i++) places.again(running, 20_000)

  assert.equal(places.again(running, 10_000), undefined)
  assert.equal(places.again(running, 10_001), 10_000)
})

test('those who wait for a token get it before a further attempt does', async () => {
  const { clock, places, come, running } = aRunningProbe()
  const waiting = come()
  assert.equal(places.again(running, 20_000), 0)
  assert.equal(places.again(running, 20_000), undefined)

  places.leave(running.shares)
  assert.equal(places.next(), waiting)
  places.leave(waiting.shares)
  come()
  await clock.advance(4_999)
  assert.equal(places.next(), undefined)
  await clock.advance(1)
  assert.notEqual(places.next(), undefined)
})
