import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Window } from '@payer-status/protocol'
import { bad, up } from '../../test/support/judged.ts'
import { endpointOf } from '../../test/support/keeper-house.ts'
import { HOUR, MINUTE, onePlan, WindowHouse } from '../../test/support/window-house.ts'

const START = Date.UTC(2026, 0, 1)
const ID = 'aetna/eligibility'
/** An hour's window that begins an hour after the start. */
const plan = onePlan(START + HOUR, START + 2 * HOUR)

/** One endpoint that works, five minutes after the start. */
async function aHouse(t: TestContext) {
  const house = new WindowHouse([endpointOf(ID)])
  t.after(() => house[Symbol.dispose]())
  house.apply([plan])
  await house.minutes(5, () => up)
  return house
}

/** Lets minutes pass until so many are over since the start. */
async function until(house: WindowHouse, minute: number, result = up): Promise<void> {
  const left = minute - (house.clock.now() - START) / MINUTE
  await house.minutes(left, () => result)
}

test('a window is announced once, begins, and is over at its end when all works', async (t) => {
  const house = await aHouse(t)
  await until(house, 200)

  assert.deepEqual(
    house.told.map(({ state }) => state),
    ['scheduled', 'in_progress', 'completed'],
  )
  for (const record of house.told) Window.parse({ ...record, rev: 1 })
  assert.deepEqual(
    house.log.lines.map(({ message }) => message),
    ['maintenance began', 'maintenance ended'],
  )
})

test('what works in its window stays operational and carries the window, until the end to the millisecond', async (t) => {
  const house = await aHouse(t)
  const seen: unknown[] = []
  const note = () => seen.push([house.state(ID).status, house.state(ID).window])
  await house.clock.advance(55 * MINUTE - 1)
  note()
  await house.clock.advance(1)
  note()
  await house.clock.advance(HOUR - 1)
  note()
  await house.clock.advance(1)
  note()

  const id = house.told[0]?.id
  assert.deepEqual(seen, [
    ['operational', undefined],
    ['operational', id],
    ['operational', id],
    ['operational', undefined],
  ])
})

test('what is out in its window is maintenance, on hold, without an incident', async (t) => {
  const house = await aHouse(t)
  await until(house, 70)
  const began = house.clock.now()
  await until(house, 80, bad)

  const { status, since, reason, advice, window } = house.state(ID)
  assert.deepEqual(
    [status, since, advice.action, window],
    ['maintenance', began, 'hold', house.told[0]?.id],
  )
  assert.equal(reason?.kind, 'maintenance')
  assert.match(reason?.message ?? '', /until 2026-01-01T02:00:00\.000Z \(mw_/)
  assert.deepEqual(reason?.codes, ['HTTP:500'])
  assert.equal(house.rollUp('aetna'), 'maintenance')
  assert.deepEqual([...house.board.incidents()], [])
})
