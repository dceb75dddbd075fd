import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { up } from '../../test/support/judged.ts'
import { endpointOf } from '../../test/support/keeper-house.ts'
import { aPlan, HOUR, MINUTE, onePlan, WindowHouse } from '../../test/support/window-house.ts'

const START = Date.UTC(2026, 0, 1)
const ID = 'aetna/eligibility'

async function aHouse(t: TestContext) {
  const house = new WindowHouse([
    endpointOf(ID),
    endpointOf('aetna/login', { type: 'login', capability: 'provider_portal' }),
  ])
  t.after(() => house[Symbol.dispose]())
  house.apply([])
  await house.minutes(3, () => up)
  return house
}

/** As the API announces it. */
function announced(from: number, to: number, said = {}) {
  return { ...onePlan(START + from, START + to, said), origin: 'api' as const }
}

const states = (house: WindowHouse) => house.told.map(({ state }) => state)

test('what is announced over the log is a window before publishing returns', async (t) => {
  const house = await aHouse(t)
  const plan = announced(0, HOUR, { types: ['eligibility'], sourceUrl: 'https://aetna.example/x' })

  void house.bus.publish({ kind: 'plan', id: plan.id, value: plan })

  const [window] = house.board.values('window')
  assert.deepEqual(
    [window?.plan, window?.state, window?.types, window?.sourceUrl],
    [plan.id, 'in_progress', ['eligibility'], 'https://aetna.example/x'],
  )
  assert.equal(house.state(ID).window, window?.id)
  assert.equal(house.state('aetna/login').window, undefined)
  assert.deepEqual(house.figures, {
    windows: { scheduled: 0, in_progress: 1, overrun: 0 },
    plans: { file: 0, api: 1 },
    overruns: 0,
  })
})

test('what is withdrawn is completed at once, and once', async (t) => {
  const house = await aHouse(t)
  const plan = announced(0, HOUR)
  void house.bus.publish({ kind: 'plan', id: plan.id, value: plan })

  void house.bus.publish({ kind: 'plan', id: plan.id, value: null })
  const shown = house.state(ID).window
  await house.clock.advance(2 * HOUR)

  assert.equal(shown, undefined)
  assert.deepEqual(states(house), ['in_progress', 'completed'])
})

test('what was announced and will not come again is forgotten once it is over', async (t) => {
  const house = await aHouse(t)
  const plan = announced(HOUR, 2 * HOUR)
  void house.bus.publish({ kind: 'plan', id: plan.id, value: plan })
  await house.clock.advance(2 * HOUR - 4 * MINUTE)
  const before = house.figures.plans.api
  await house.clock.advance(2 * MINUTE)

  assert.deepEqual([before, house.figures.plans.api], [1, 0])
  assert.equal(house.board.entry('plan', plan.id)?.isThere, false)
})

test('what is announced anew with other words changes the window, which stays the same one', async (t) => {
  const house = await aHouse(t)
  const plan = announced(HOUR, 2 * HOUR)
  void house.bus.publish({ kind: 'plan', id: plan.id, value: plan })
  const value = { ...plan, kind: 'non_routine' as const, announcedAt: START }
  void house.bus.publish({ kind: 'plan', id: plan.id, value })

  assert.deepEqual(
    house.told.map(({ kind, noticeOk }) => [kind, noticeOk]),
    [
      ['routine', null],
      ['non_routine', false],
    ],
  )
  assert.equal(new Set(house.told.map(({ id }) => id)).size, 1)
})

test('what was announced over the API outlives reloads, but not its payer', async (t) => {
  const house = await aHouse(t)
  const [ours, gone] = [announced(HOUR, 2 * HOUR), { ...announced(HOUR, 2 * HOUR), payer: 'cigna' }]
  const other = { ...gone, id: 'mp_0000000000000000000000000C' }
  for (const value of [ours, other]) void house.bus.publish({ kind: 'plan', id: value.id, value })

  house.apply([])

  assert.deepEqual(
    Array.from(house.board.values('plan'), ({ payer }) => payer),
    ['aetna'],
  )
  assert.deepEqual(
    house.told.map(({ payer, state }) => [payer, state]),
    [
      ['aetna', 'scheduled'],
      ['cigna', 'scheduled'],
      ['cigna', 'completed'],
    ],
  )
})

test('plans of the file are on the log, once', async (t) => {
  const house = await aHouse(t)
  const plan = aPlan({ rrule: 'FREQ=WEEKLY;BYDAY=SU', startLocal: '00:00', duration: HOUR })

  house.apply([plan])
  house.apply([plan])
  house.restart([plan])

  assert.deepEqual(
    house.entries.filter(({ kind }) => kind === 'plan').map(({ value }) => value),
    [plan],
  )
})

test('a configuration that comes when all is over leaves no timer behind', async (t) => {
  const house = await aHouse(t)
  house.apply([onePlan(START + HOUR, START + 2 * HOUR)])
  const before = house.clock.waiting
  house[Symbol.dispose]()

  house.apply([onePlan(START, START + 2 * HOUR)])

  assert.deepEqual([before, house.clock.waiting], [1, 0])
})
