import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPlan, aScheduler, MINUTE, onHost } from '../../test/support/a-scheduler.ts'

test('a probe that is asked for runs at once and answers with its outcome', async () => {
  const { clock, scheduler, started } = aScheduler()
  scheduler.assign([aPlan({ interval: 60 * MINUTE })])
  await clock.advance(30 * MINUTE)
  const before = started.length

  const asked = scheduler.probeNow('aetna/login')
  await clock.advance(200)

  assert.equal(await asked, 'aetna/login answered')
  assert.equal(started.length, before + 1)
})

test('a probe that is asked for while one runs joins it', async () => {
  const { clock, scheduler, started } = aScheduler(5_000)
  scheduler.assign([aPlan()])
  await clock.advance(1_000)

  const asked = scheduler.probeNow('aetna/login')
  await clock.advance(6_000)

  assert.equal(await asked, 'aetna/login answered')
  assert.equal(started.length, 1)
})

test('a probe that is asked for too soon is refused with the time to wait', async () => {
  const { clock, scheduler } = aScheduler()
  scheduler.assign([aPlan({ minGap: 50_000 })])
  await clock.advance(1_000)

  await assert.rejects(
    scheduler.probeNow('aetna/login'),
    (error: { code: string; retryAfterMs: number }) => {
      assert.equal(error.code, 'ERR_BUSY')
      assert.ok(error.retryAfterMs > 48_000 && error.retryAfterMs <= 50_000)
      return true
    },
  )
})

test('a probe that would wait for its token for longer than who asks is refused with the time until then', async () => {
  const { clock, scheduler, started } = aScheduler(1)
  const shares = [onHost('a', { perMinute: 1 })]
  const plans = [1, 2, 3].map((i) => aPlan({ id: `a/${i}`, interval: 60 * MINUTE, shares }))
  scheduler.assign(plans)
  await clock.advance(30 * MINUTE)
  const before = started.length

  const first = scheduler.probeNow('a/1', MINUTE)
  const second = scheduler.probeNow('a/2', MINUTE)
  const third = scheduler.probeNow('a/3', MINUTE).catch((error: unknown) => error)
  await clock.advance(MINUTE + 1) // the second starts when the minute is over, and takes a millisecond
  await Promise.all([first, second])

  assert.equal(((await third) as { retryAfterMs: number }).retryAfterMs, 120_000)
  assert.deepEqual(
    started.slice(before).map(({ id }) => id),
    ['a/1', 'a/2'],
  )
})

test('a probe that is due and waits for its token is joined where that comes in time', async () => {
  const { clock, scheduler, started } = aScheduler(1)
  const shares = [onHost('a', { perMinute: 1 })]
  scheduler.assign([1, 2, 3].map((i) => aPlan({ id: `a/${i}`, interval: 60 * MINUTE, shares })))
  await clock.advance(1_000)
  const [waitsShort, waitsLong] = ['a/1', 'a/2', 'a/3'].filter((id) => id !== started[0]?.id)

  const asked = [waitsShort, waitsLong].map((id) => scheduler.probeNow(id ?? '', MINUTE))
  const outcomes = Promise.allSettled(asked)
  await clock.advance(MINUTE)

  const kinds = (await outcomes).map(({ status }) => status)
  assert.deepEqual(kinds.sort(), ['fulfilled', 'rejected'])
})

test('a probe of an endpoint that is not assigned is refused', async () => {
  const { scheduler } = aScheduler()

  await assert.rejects(scheduler.probeNow('nobody/nothing'), { code: 'ERR_UNKNOWN_NAME' })
})

test('stopping lets a running probe end within the grace', async () => {
  const { clock, scheduler } = aScheduler(5_000)
  scheduler.assign([aPlan()])
  await clock.advance(1_000)
  const { running } = scheduler.load

  const stopped = scheduler.stop(10_000)
  await clock.advance(5_000)
  await stopped

  assert.equal(running, 1)
  assert.equal(scheduler.load.running, 0)
})

test('stopping aborts what is still running when the grace is over, and starts nothing more', async () => {
  const { clock, scheduler, started } = aScheduler(600_000)
  scheduler.assign([aPlan()])
  await clock.advance(1_000)

  const stopped = scheduler.stop(10_000)
  await clock.advance(10_000)
  await stopped
  await clock.advance(10 * MINUTE)

  assert.equal(started.length, 1)
  assert.equal(clock.waiting, 0)
})

test('a probe that is asked for and whose endpoint is removed meanwhile is refused', async () => {
  const { clock, scheduler } = aScheduler(5_000, { concurrency: 1 })
  scheduler.assign([aPlan({ id: 'a/1', host: 'x' }), aPlan({ id: 'a/2', host: 'y' })])
  await clock.advance(300)
  const waiting = ['a/1', 'a/2'].map((id) => scheduler.probeNow(id).catch(({ code }) => code))

  scheduler.assign([])
  await clock.advance(10_000)

  assert.ok((await Promise.all(waiting)).includes('ERR_BUSY'))
})
