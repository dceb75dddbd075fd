import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Incident } from '@payer-status/protocol'
import { bad, closed, slow, up } from '../../test/support/judged.ts'
import { endpointOf } from '../../test/support/keeper-house.ts'
import { HOUR, MINUTE, onePlan, WindowHouse } from '../../test/support/window-house.ts'
import type { ProbeResult } from '../model.ts'

const START = Date.UTC(2026, 0, 1)
const ID = 'aetna/eligibility'
const OTHER = 'aetna/login'
/** From minute 60 to minute 120 after the start. */
const plan = onePlan(START + HOUR, START + 2 * HOUR)

async function aHouse(t: TestContext, ...others: string[]) {
  const house = new WindowHouse([ID, ...others].map((id) => endpointOf(id)))
  t.after(() => house[Symbol.dispose]())
  house.apply([plan])
  await house.minutes(5, () => up)
  return house
}

/** A probe a minute of every endpoint until so many minutes are over since the start. */
async function until(
  house: WindowHouse,
  minute: number,
  sees: ProbeResult | ((id: string, minute: number) => ProbeResult),
): Promise<void> {
  const left = minute - (house.clock.now() - START) / MINUTE
  await house.minutes(left, typeof sees === 'function' ? sees : () => sees)
}

const states = (house: WindowHouse) => house.told.map(({ state }) => state)
const at = (minute: number) => new Date(START + minute * MINUTE).toISOString()

test('what is still out at the end stays maintenance for the grace, which was not announced', async (t) => {
  const house = await aHouse(t)
  await until(house, 70, up)
  await until(house, 125, bad)

  const { status, window, since, reason } = house.state(ID)
  assert.deepEqual([status, window, since], ['maintenance', undefined, START + 70 * MINUTE])
  assert.match(reason?.message ?? '', /ended at 2026-01-01T02:00:00\.000Z/)
  assert.deepEqual(states(house), ['scheduled', 'in_progress'])
  assert.deepEqual([...house.board.incidents()], [])
})

test('what works again within the grace is well, and the window is completed with it', async (t) => {
  const house = await aHouse(t)
  await until(house, 70, up)
  await until(house, 125, bad)
  await until(house, 127, up)

  assert.deepEqual([house.state(ID).status, house.state(ID).reason], ['operational', null])
  assert.deepEqual(states(house), ['scheduled', 'in_progress', 'completed'])
  assert.deepEqual([...house.board.incidents()], [])
})

test('what is out when the grace is over is down since the window’s end, and an incident of its own class', async (t) => {
  const house = await aHouse(t)
  await until(house, 70, up)
  await until(house, 134, bad)
  const before = house.openIncidents.length
  await until(house, 136, bad)

  const { status, since, reason, advice } = house.state(ID)
  const [incident] = house.openIncidents
  assert.ok(incident)
  Incident.parse({ ...incident, rev: 1 })
  assert.equal(before, 0)
  assert.deepEqual([status, since, advice.action], ['down', START + 120 * MINUTE, 'hold'])
  assert.deepEqual([reason?.kind, reason?.codes], ['maintenance_overrun', ['HTTP:500']])
  assert.deepEqual(
    [incident.cause.kind, incident.openedAt, incident.severity],
    ['maintenance_overrun', at(120), 'major'],
  )
  assert.equal(incident.key, 'aetna|eligibility|direct|overrun')
  assert.equal(house.rollUp('aetna'), 'down')
  assert.deepEqual(states(house), ['scheduled', 'in_progress', 'overrun'])
  assert.deepEqual(house.figures.overruns, 1)
  assert.equal(house.log.lines.at(-1)?.message, 'maintenance overran')
})

test('an overrun ends like every outage, and the window with it', async (t) => {
  const house = await aHouse(t)
  await until(house, 70, up)
  await until(house, 140, bad)
  await until(house, 141, up)
  const mending = house.openIncidents.map(({ status }) => status)
  await until(house, 143, up)

  assert.deepEqual(mending, ['monitoring'])
  assert.deepEqual(
    [...house.board.incidents()].map(({ status, resolvedAt }) => [status, resolvedAt]),
    [['resolved', at(141)]],
  )
  assert.deepEqual(states(house).slice(-2), ['overrun', 'completed'])
  assert.deepEqual(house.figures.windows, { scheduled: 0, in_progress: 0, overrun: 0 })
})

test('a maintenance page after the announced end is an overrun too', async (t) => {
  const house = await aHouse(t)
  await until(house, 70, up)
  await until(house, 110, bad)
  await until(house, 140, closed)

  assert.equal(house.state(ID).status, 'down')
  assert.deepEqual(
    house.openIncidents.map(({ cause }) => [cause.kind, cause.codes]),
    [['maintenance_overrun', ['HTTP:503']]],
  )
})

test('a maintenance page without a window is maintenance as ever, and says that none is announced', async (t) => {
  const house = await aHouse(t)
  await until(house, 10, closed)

  const { status, reason, window } = house.state(ID)
  assert.deepEqual([status, reason?.kind, window], ['maintenance', 'maintenance', undefined])
  assert.match(reason?.message ?? '', /none is announced/)
})

test('what goes down after the end is an outage at once', async (t) => {
  const house = await aHouse(t)
  await until(house, 122, up)
  await until(house, 125, bad)

  assert.equal(house.state(ID).status, 'down')
  assert.deepEqual(
    house.openIncidents.map(({ cause, openedAt }) => [cause.kind, openedAt]),
    [['http_5xx', at(122)]],
  )
})

test('an outage from before stays an open incident through the window, untouched, and goes on after it', async (t) => {
  const house = await aHouse(t)
  await until(house, 50, up)
  await until(house, 59, bad)
  const [before] = house.openIncidents
  await until(house, 100, bad)
  const [during] = house.openIncidents
  const shown = house.state(ID)
  await until(house, 140, bad)
  const after = house.openIncidents

  assert.deepEqual([shown.status, shown.since], ['maintenance', START + 60 * MINUTE])
  assert.deepEqual({ ...during, cause: before?.cause }, before)
  assert.deepEqual(
    after.map(({ id, openedAt, cause }) => [id, openedAt, cause.kind]),
    [[before?.id, at(50), 'maintenance_overrun']],
  )
})

test('an outage from before that ends within the window is resolved within it', async (t) => {
  const house = await aHouse(t)
  await until(house, 50, up)
  await until(house, 80, bad)
  await until(house, 83, up)

  assert.deepEqual(
    [...house.board.incidents()].map(({ status, resolvedAt }) => [status, resolvedAt]),
    [['resolved', at(81)]],
  )
  assert.equal(house.state(ID).status, 'operational')
})

test('what flaps within a window is maintenance or operational, and unsteady neither then nor after', async (t) => {
  const house = await aHouse(t)
  await until(house, 65, up)
  const seen = new Set<string>()
  await until(house, 119, (_, minute) => {
    seen.add(house.state(ID).status)
    return minute % 6 < 3 ? bad : up
  })
  await until(house, 180, up)

  assert.deepEqual([...seen].sort(), ['maintenance', 'operational'])
  const { status, intermittent, reason } = house.state(ID)
  assert.deepEqual([status, intermittent, reason], ['operational', false, null])
  assert.ok(house.entries.every((entry) => entry.kind !== 'endpoint' || !entry.value?.intermittent))
  assert.deepEqual([...house.board.incidents()], [])
})

test('what flaps outside of windows is unsteady, whatever window came meanwhile', async (t) => {
  const house = await aHouse(t)
  await until(house, 121, up)
  await until(house, 150, (_, minute) => (minute % 6 < 3 ? bad : up))

  assert.equal(house.state(ID).intermittent, true)
  assert.equal(house.openIncidents[0]?.key, 'aetna|eligibility|direct|intermittent')
})

test('what is slow for long within a window opens nothing until the window is over', async (t) => {
  const house = await aHouse(t)
  await until(house, 65, up)
  await until(house, 119, slow)
  const during = [house.state(ID).status, house.openIncidents.length]
  await until(house, 122, slow)

  assert.deepEqual(during, ['degraded', 0])
  assert.deepEqual(
    house.openIncidents.map(({ key }) => key),
    ['aetna|eligibility|direct|degraded'],
  )
})

test('many that are out in one window are no shared trouble, and one when they overrun', async (t) => {
  const house = await aHouse(t, OTHER, 'aetna/claims')
  await until(house, 70, up)
  await until(house, 134, bad)
  const before = [...house.board.incidents()].length
  await until(house, 137, bad)

  const roots = house.openIncidents.filter(({ parent }) => parent === null)
  assert.equal(before, 0)
  assert.deepEqual(
    roots.map(({ scope, endpoints }) => [scope, endpoints.length]),
    [['host', 3]],
  )
})
