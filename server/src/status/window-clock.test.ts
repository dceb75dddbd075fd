import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { bad, up } from '../../test/support/judged.ts'
import { endpointOf } from '../../test/support/keeper-house.ts'
import { aPlan, DAY, HOUR, MINUTE, onePlan, WindowHouse } from '../../test/support/window-house.ts'
import type { Plan } from '../config/config.ts'

const START = Date.UTC(2026, 0, 1)
const ID = 'aetna/eligibility'
/** From minute 60 to minute 120 after the start. */
const plan = onePlan(START + HOUR, START + 2 * HOUR)

async function aHouse(t: TestContext, plans: readonly Plan[], now = START) {
  const house = new WindowHouse([endpointOf(ID)], new FakeClock(now))
  t.after(() => house[Symbol.dispose]())
  house.apply(plans)
  await house.minutes(3, () => up)
  return house
}

/** A house three quarters of an hour into the hour of its window, with what has been out for half an hour. */
async function inside(t: TestContext) {
  const house = await aHouse(t, [plan])
  await house.clock.advance(72 * MINUTE)
  await house.minutes(30, () => bad)
  return house
}

const states = (house: WindowHouse) => house.told.map(({ state }) => state)

/** When the window of the endpoint changes within a time, ISO. The clock is set near each moment before it is watched. */
async function changesAt(house: WindowHouse, moments: readonly string[]): Promise<unknown[]> {
  const seen: unknown[] = []
  for (const moment of moments) {
    house.clock.jump(Date.parse(moment) - MINUTE - house.clock.now())
    await house.clock.advance(MINUTE - 1)
    const before = house.state(ID).window
    await house.clock.advance(1)
    const after = house.state(ID).window
    seen.push([moment, before === undefined, after === undefined])
  }
  return seen
}

const begins = (moment: string) => [moment, true, false]
const ends = (moment: string) => [moment, false, true]

test('a weekly window keeps to the clock on the wall when New York puts its clocks forward', async (t) => {
  const weekly = aPlan(
    { rrule: 'FREQ=WEEKLY;BYDAY=SU', startLocal: '00:00', endLocal: '06:00' },
    { timeZone: 'America/New_York' },
  )
  const house = await aHouse(t, [weekly], Date.UTC(2026, 1, 27))
  const days = [
    ['2026-03-01T05:00Z', '2026-03-01T11:00Z'],
    ['2026-03-08T05:00Z', '2026-03-08T10:00Z'],
    ['2026-03-15T04:00Z', '2026-03-15T10:00Z'],
  ]

  const seen = await changesAt(house, days.flat())

  assert.deepEqual(
    seen,
    days.flatMap(([from = '', to = '']) => [begins(from), ends(to)]),
  )
})

test('and when it puts them back; what has a duration takes that long', async (t) => {
  const said = { rrule: 'FREQ=WEEKLY;BYDAY=SU', startLocal: '00:00' }
  const zone = { timeZone: 'America/New_York' }
  const byClock = aPlan({ ...said, endLocal: '06:00' }, zone)
  const byLength = aPlan({ ...said, duration: 6 * HOUR }, zone)
  const days = [
    ['2026-10-25T04:00Z', '2026-10-25T10:00Z'],
    ['2026-11-01T04:00Z', '2026-11-01T11:00Z'],
    ['2026-11-08T05:00Z', '2026-11-08T11:00Z'],
  ]
  const house = await aHouse(t, [byClock], Date.UTC(2026, 9, 23))
  const other = await aHouse(t, [byLength], Date.UTC(2026, 9, 23))

  const seen = await changesAt(house, days.flat())
  const exact = await changesAt(other, ['2026-11-01T04:00Z', '2026-11-01T10:00Z'])

  assert.deepEqual(
    seen,
    days.flatMap(([from = '', to = '']) => [begins(from), ends(to)]),
  )
  assert.deepEqual(exact, [begins('2026-11-01T04:00Z'), ends('2026-11-01T10:00Z')])
})

test('of what comes again the next is told, and the one after it once that has begun, each once', async (t) => {
  const daily = aPlan({ rrule: 'FREQ=DAILY', startLocal: '01:00', duration: HOUR })
  const house = await aHouse(t, [daily])
  await house.clock.advance(DAY + 2 * HOUR)

  const told = house.told.map(({ startsAt, state }) => `${startsAt.slice(8, 10)} ${state}`)
  assert.deepEqual(told, [
    '01 scheduled',
    '01 in_progress',
    '02 scheduled',
    '01 completed',
    '02 in_progress',
    '03 scheduled',
    '02 completed',
  ])
})

test('a window is told a month ahead, not before', async (t) => {
  const far = onePlan(START + 40 * DAY, START + 40 * DAY + HOUR)
  const house = await aHouse(t, [far])
  const before = house.told.length
  house.clock.jump(9 * DAY - 4 * MINUTE)
  await house.clock.advance(30_000)
  const near = house.told.length
  await house.clock.advance(MINUTE)

  assert.deepEqual([before, near, states(house)], [0, 0, ['scheduled']])
})

test('a clock that is set forward past the end ends the window within half a minute', async (t) => {
  const house = await inside(t)
  house.clock.jump(3 * HOUR)
  await house.clock.advance(30_000)

  assert.deepEqual(states(house), ['scheduled', 'in_progress', 'overrun'])
  assert.deepEqual([house.state(ID).status, house.state(ID).since], ['down', START + 2 * HOUR])
})

test('a clock that is set forward into a window begins it', async (t) => {
  const house = await aHouse(t, [plan])
  house.clock.jump(HOUR)
  await house.clock.advance(30_000)

  assert.deepEqual(states(house), ['scheduled', 'in_progress'])
  assert.equal(house.state(ID).window, house.told[0]?.id)
})

test('a clock that is set back to before the window lets it wait again, and it begins a second time', async (t) => {
  const house = await inside(t)
  house.clock.jump(-HOUR)
  await house.clock.advance(30_000)
  const back = [house.state(ID).status, house.state(ID).window]
  await house.clock.advance(20 * MINUTE)
  await house.minutes(3, () => up)
  await house.clock.advance(HOUR)

  assert.deepEqual(back, ['down', undefined])
  assert.deepEqual(states(house), [
    'scheduled',
    'in_progress',
    'scheduled',
    'in_progress',
    'completed',
  ])
  assert.equal(new Set(house.told.map(({ id }) => id)).size, 1)
})

test('a completed window is in progress again where the clock is set back into it', async (t) => {
  const house = await aHouse(t, [plan])
  await house.clock.advance(2 * HOUR)
  house.clock.jump(-30 * MINUTE)
  await house.clock.advance(30_000)

  assert.deepEqual(states(house).slice(-2), ['completed', 'in_progress'])
  assert.equal(house.state(ID).window, house.told[0]?.id)
})

test('a reload that adds a window which runs already covers what is out, and leaves its incident open', async (t) => {
  const house = await aHouse(t, [])
  await house.clock.advance(62 * MINUTE)
  await house.minutes(3, () => bad)
  house.apply([plan])
  await house.clock.advance(1)

  assert.deepEqual(states(house), ['in_progress'])
  assert.equal(house.state(ID).status, 'maintenance')
  assert.deepEqual(
    house.openIncidents.map(({ status }) => status),
    ['identified'],
  )
})

test('a reload that takes a window away while it runs ends it once, and what is out is down', async (t) => {
  const house = await inside(t)
  house.apply([])
  house.apply([])
  await house.clock.advance(1)

  assert.deepEqual(states(house), ['scheduled', 'in_progress', 'completed'])
  assert.deepEqual([house.state(ID).status, house.state(ID).window], ['down', undefined])
  assert.equal(house.openIncidents[0]?.cause.kind, 'http_5xx')
  assert.deepEqual(house.figures.plans, { file: 0, api: 0 })
})

test('a reload that makes a window longer shows nothing down in between', async (t) => {
  const house = await inside(t)
  const before = house.entries.length
  house.apply([onePlan(START + HOUR, START + 3 * HOUR)])
  await house.clock.advance(HOUR)

  const statuses = house.entries
    .slice(before)
    .flatMap((entry) => (entry.kind === 'endpoint' ? [entry.value?.status] : []))
  assert.deepEqual([...new Set(statuses)], ['maintenance'])
  assert.deepEqual(states(house).slice(2), ['completed', 'in_progress'])
  assert.equal(house.figures.overruns, 0)
})

test('a window that another one takes over from does not overrun', async (t) => {
  const second = onePlan(START + 2 * HOUR, START + 3 * HOUR)
  const house = await aHouse(t, [plan, second])
  await house.clock.advance(72 * MINUTE)
  await house.minutes(90, () => bad)

  assert.equal(house.figures.overruns, 0)
  assert.equal(house.state(ID).status, 'maintenance')
  assert.deepEqual(
    house.told.filter(({ plan: id }) => id === plan.id).map(({ state }) => state),
    ['scheduled', 'in_progress', 'completed'],
  )
})

test('a restart within a window tells nothing again, and ends it as if nothing had been', async (t) => {
  const house = await inside(t)
  const before = house.entries.length
  house.restart([plan])
  await house.clock.advance(1)
  const told = house.entries.slice(before).map(({ kind }) => kind)
  await house.minutes(40, () => bad)

  assert.deepEqual(told, [])
  assert.deepEqual(states(house), ['scheduled', 'in_progress', 'overrun'])
  assert.equal(house.openIncidents.length, 1)
})
