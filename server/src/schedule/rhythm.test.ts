import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPlan, aScheduler, MINUTE, type Started } from '../../test/support/a-scheduler.ts'

const HOUR = 60 * MINUTE
const gaps = (started: readonly Started[]) =>
  started.slice(1).map(({ at }, i) => Math.round(at - started[i]!.at))

/** What a clock on the wall showed in UTC at each start, `Thu 08:15`. */
const wallTimes = (started: readonly Started[], wall: string) =>
  started.map(({ at }) => {
    const text = new Date(Date.parse(wall) + Math.round(at)).toUTCString()
    return `${text.slice(0, 3)} ${text.slice(17, 22)}`
  })

const anEvery15 = (expression = '*/15 8-9 * * 1-5', timeZone = 'UTC') =>
  aPlan({ cron: { expression, timeZone }, interval: 15 * MINUTE })

const aNight = (from: number, to: number) => [
  { from, to, days: [0, 1, 2, 3, 4, 5, 6], timeZone: 'UTC' },
]

test('an endpoint that is down is asked less and less often, up to the cap', async () => {
  const backoff = { factor: 2, cap: 7 * MINUTE }
  const { clock, scheduler, started } = aScheduler(100, { course: () => 'failing' })
  scheduler.assign([aPlan({ backoff })])

  await clock.advance(60 * MINUTE)

  assert.deepEqual(
    gaps(started).slice(0, 5),
    [2, 4, 7, 7, 7].map((n) => n * MINUTE),
  )
})

test('at the first answer it is asked at its interval again', async () => {
  const backoff = { factor: 3, cap: HOUR }
  const { clock, scheduler, started } = aScheduler(100, {
    course: (at) => (at > 30 * MINUTE ? 'answering' : 'failing'),
  })
  scheduler.assign([aPlan({ backoff })])

  await clock.advance(3 * HOUR)

  const answered = started.findIndex(({ at }) => at > 30 * MINUTE)
  const later = gaps(started.slice(answered))
  assert.deepEqual(
    gaps(started).slice(0, 3),
    [3, 9, 27].map((n) => n * MINUTE),
  )
  assert.ok(later[0]! >= MINUTE / 2 && later[0]! <= 1.5 * MINUTE, String(later[0]))
  assert.ok(later.length > 100)
  for (const gap of later.slice(1)) assert.equal(gap, MINUTE)
})

test('failures without a backoff, and failures that are unconfirmed, change no interval', async () => {
  const without = aScheduler(100, { course: () => 'failing' })
  const unconfirmed = aScheduler(100)
  without.scheduler.assign([aPlan()])
  unconfirmed.scheduler.assign([aPlan({ backoff: { factor: 2, cap: HOUR } })])

  await without.clock.advance(20 * MINUTE)
  await unconfirmed.clock.advance(20 * MINUTE)

  assert.ok(without.started.length >= 19)
  assert.ok(unconfirmed.started.length >= 19)
})

test('a cron is probed at its times by the wall clock and at no other', async () => {
  const wall = '2026-01-09T06:59:30.000Z' // a Friday
  const { clock, scheduler, started } = aScheduler(100, { wall })
  scheduler.assign([anEvery15()])

  await clock.advance(4 * 24 * HOUR)

  const times = ['08:00', '08:15', '08:30', '08:45', '09:00', '09:15', '09:30', '09:45']
  const expected = ['Fri', 'Mon'].flatMap((day) => times.map((time) => `${day} ${time}`))
  assert.deepEqual(wallTimes(started, wall), [...expected].slice(0, 16))
})

test('a cron is kept to by the wall of its zone when clocks are changed', async () => {
  const wall = '2026-03-07T00:00:00.000Z'
  const { clock, scheduler, started } = aScheduler(100, { wall })
  scheduler.assign([
    aPlan({ cron: { expression: '0 9 * * *', timeZone: 'America/New_York' }, interval: 24 * HOUR }),
  ])

  await clock.advance(3 * 24 * HOUR)

  assert.deepEqual(wallTimes(started, wall), ['Sat 14:00', 'Sun 13:00', 'Mon 13:00'])
})

test('when the wall clock is set, a cron follows it', async () => {
  const wall = '2026-01-09T06:00:00.000Z'
  const { clock, scheduler, started } = aScheduler(100, { wall })
  scheduler.assign([anEvery15()])
  await clock.advance(MINUTE)

  clock.jump(HOUR)
  await clock.advance(2 * HOUR)

  assert.deepEqual(wallTimes(started, '2026-01-09T07:00:00.000Z').slice(0, 2), [
    'Fri 08:00',
    'Fri 08:15',
  ])
})

test('a cron that is down leaves times out, and takes them up again at the first answer', async () => {
  const wall = '2026-01-09T07:59:00.000Z'
  const { clock, scheduler, started } = aScheduler(100, {
    wall,
    course: (at) => (at > 80 * MINUTE ? 'answering' : 'failing'),
  })
  scheduler.assign([{ ...anEvery15('*/15 * * * *'), backoff: { factor: 2, cap: 24 * HOUR } }])

  await clock.advance(3 * HOUR)

  assert.deepEqual(wallTimes(started, wall).slice(0, 5), [
    'Fri 08:00',
    'Fri 08:30',
    'Fri 09:30',
    'Fri 09:45',
    'Fri 10:00',
  ])
})

test('in quiet hours nothing is probed, and afterwards everything is, spread out', async () => {
  const { clock, scheduler, started } = aScheduler(100, { wall: '2026-01-09T21:00:00.000Z' })
  const plans = Array.from({ length: 50 }, (_, i) =>
    aPlan({ id: `p/${i}`, host: `h${i}`, interval: 10 * MINUTE, quietHours: aNight(1_320, 360) }),
  )
  scheduler.assign(plans)

  await clock.advance(12 * HOUR)

  const at = (from: number, to: number) => started.filter((s) => s.at >= from && s.at < to)
  const first = at(9 * HOUR, 9 * HOUR + 10 * MINUTE)
  assert.deepEqual(at(HOUR, 9 * HOUR), [])
  assert.equal(new Set(first.map(({ id }) => id)).size, 50)
  assert.ok(new Set(first.map((s) => Math.floor(s.at / 100))).size > 20)
  assert.equal(scheduler.counts.deferred.quiet_hours, 50)
  assert.equal(scheduler.counts.coalesced, 0)
  for (const { id } of plans) {
    const morning = at(9 * HOUR, 12 * HOUR).filter((s) => s.id === id)
    assert.ok(morning.length >= 17 && morning.length <= 19, String(morning.length))
  }
})

test('a monitor that starts in quiet hours waits for their end', async () => {
  const { clock, scheduler, started } = aScheduler(100, { wall: '2026-01-09T23:00:00.000Z' })
  scheduler.assign([aPlan({ quietHours: aNight(1_320, 360) })])

  await clock.advance(7 * HOUR - 1)
  const before = started.length
  scheduler.hurry()
  await clock.advance(MINUTE)

  assert.equal(before, 0)
  assert.ok(started.length >= 1)
})

test('whoever asks for a probe in quiet hours gets it, and the next one waits', async () => {
  const { clock, scheduler, started } = aScheduler(100, { wall: '2026-01-09T23:00:00.000Z' })
  scheduler.assign([aPlan({ quietHours: aNight(1_320, 360) })])
  await clock.advance(HOUR)

  const asked = scheduler.probeNow('aetna/login')
  await clock.advance(HOUR)

  assert.equal(await asked, 'aetna/login answered')
  assert.equal(started.length, 1)
})

test('a probe that had to wait until its quiet hours began waits for their end', async () => {
  const { clock, scheduler, started } = aScheduler(10 * MINUTE, {
    wall: '2026-01-09T21:59:59.000Z',
  })
  const quietHours = aNight(1_320, 360)
  scheduler.assign([aPlan({ id: 'a/1', quietHours }), aPlan({ id: 'a/2', quietHours })])

  await clock.advance(9 * HOUR)

  const [first, second] = started
  assert.ok(first!.at < 1_000)
  assert.ok(second!.at >= 8 * HOUR)
})

test('a change that is unconfirmed when quiet hours begin is looked at after them', async () => {
  const { clock, scheduler, started } = aScheduler(100, {
    wall: '2026-01-09T21:59:59.000Z',
    recheckIn: 5_000,
  })
  scheduler.assign([aPlan({ quietHours: aNight(1_320, 360) })])

  await clock.advance(8 * HOUR)

  assert.equal(started.length, 1)
})
