import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPlan, aScheduler, MINUTE, type Started } from '../../test/support/a-scheduler.ts'

const gaps = (started: Started[]) => started.slice(1).map(({ at }, i) => at - started[i]!.at)

test('an endpoint is probed soon and then once an interval', async () => {
  const { clock, scheduler, started } = aScheduler()
  scheduler.assign([aPlan()])

  await clock.advance(10 * MINUTE)

  assert.ok(started[0]!.at < 200)
  assert.ok(started.length >= 9 && started.length <= 11, String(started.length))
  for (const gap of gaps(started).slice(1)) assert.equal(Math.round(gap), MINUTE)
})

test('a public host is asked by one probe at a time, and nothing that was due is lost', async () => {
  const { clock, scheduler, started, most } = aScheduler(2_000)
  const plans = Array.from({ length: 5 }, (_, i) => aPlan({ id: `aetna/${i}` }))
  scheduler.assign(plans)

  await clock.advance(10 * MINUTE)

  assert.equal(most(), 1)
  assert.ok(scheduler.counts.deferred.host > 0)
  for (const { id } of plans)
    assert.ok(started.filter((s) => s.id === id).length >= 9, `${id} ran too rarely`)
})

test('no more probes run at once than there are workers; the others are deferred', async () => {
  const { clock, scheduler, started, most } = aScheduler(1_000, { concurrency: 2 })
  const plans = Array.from({ length: 8 }, (_, i) => aPlan({ id: `p/${i}`, host: `h${i}` }))
  scheduler.assign(plans)

  await clock.advance(3 * MINUTE)

  assert.equal(most(), 2)
  assert.ok(scheduler.counts.deferred.workers > 0)
  assert.equal(new Set(started.map(({ id }) => id)).size, 8)
})

test('an endpoint whose probe takes longer than its interval never overlaps itself', async () => {
  const { clock, scheduler, started, most } = aScheduler(2_500)
  scheduler.assign([aPlan({ interval: 1_000, minGap: 900 })])

  await clock.advance(30_000)

  assert.equal(most(), 1)
  assert.ok(started.length >= 11, String(started.length))
  assert.ok(scheduler.counts.coalesced > 0)
})

test('over an hour every endpoint gets what it is due, although host and workers are scarce', async () => {
  const { clock, scheduler, started } = aScheduler(150, { concurrency: 4 })
  const plans = Array.from({ length: 60 }, (_, i) =>
    aPlan({ id: `p/${i}`, host: `h${i % 6}`, interval: MINUTE }),
  )
  scheduler.assign(plans)

  await clock.advance(60 * MINUTE)

  const counts = Map.groupBy(started, ({ id }) => id)
  for (const { id } of plans) {
    const runs = counts.get(id)?.length ?? 0
    assert.ok(runs >= 59 && runs <= 61, `${id} ran ${runs} times`)
  }
})

test('a change that is unconfirmed is looked at again sooner, without losing the grid', async () => {
  const { clock, scheduler, started } = aScheduler(100, { recheckIn: 5_000 })
  scheduler.assign([aPlan()])

  await clock.advance(MINUTE)

  assert.ok(started.length >= 11, String(started.length))
})

test('two probes of an endpoint are never closer than its least gap', async () => {
  const { clock, scheduler, started } = aScheduler(10, { recheckIn: 10 })
  scheduler.assign([aPlan({ minGap: 3_000 })])

  await clock.advance(2 * MINUTE)

  for (const gap of gaps(started)) assert.ok(gap >= 2_999, String(gap))
})

test('a reload keeps the rhythm of what stays, starts what is new and stops what is gone', async () => {
  const { clock, scheduler, started } = aScheduler()
  scheduler.assign([aPlan({ id: 'a/stays' }), aPlan({ id: 'a/goes' })])
  await clock.advance(2 * MINUTE)
  const before = started.filter(({ id }) => id === 'a/stays').at(-1)!.at

  scheduler.assign([aPlan({ id: 'a/stays' }), aPlan({ id: 'a/new' })])
  await clock.advance(3 * MINUTE)

  const later = started.filter(({ at }) => at > 2 * MINUTE)
  assert.equal(later.filter(({ id }) => id === 'a/goes').length, 0)
  assert.ok(later.some(({ id }) => id === 'a/new'))
  assert.equal(Math.round((later.find(({ id }) => id === 'a/stays')!.at - before) % MINUTE), 0)
})

test('a new interval takes effect at once', async () => {
  const { clock, scheduler, started } = aScheduler()
  scheduler.assign([aPlan({ interval: 60 * MINUTE })])
  await clock.advance(MINUTE)

  scheduler.assign([aPlan({ interval: 10_000 })])
  await clock.advance(MINUTE)

  assert.ok(started.length >= 6, String(started.length))
})

test('after an outage of our own everything is probed again soon', async () => {
  const { clock, scheduler, started } = aScheduler()
  const plans = Array.from({ length: 20 }, (_, i) =>
    aPlan({ id: `p/${i}`, host: `h${i}`, interval: 60 * MINUTE }),
  )
  scheduler.assign(plans)
  await clock.advance(5 * MINUTE)
  const before = started.length

  scheduler.hurry()
  await clock.advance(10_000)

  assert.equal(started.length - before, 20)
})

test('lateness is measured from the due time', async () => {
  const { clock, scheduler, lags } = aScheduler(3_000, { concurrency: 1 })
  scheduler.assign([aPlan({ id: 'a/1', host: 'x' }), aPlan({ id: 'a/2', host: 'y' })])

  await clock.advance(10_000)

  assert.equal(lags.length, 2)
  assert.ok(Math.max(...lags) > 2_500)
})
