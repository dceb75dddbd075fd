import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolved, Window } from '@payer-status/protocol'
import { aBook } from '../../test/support/hub-house.ts'
import { LogBook } from '../../test/support/records.ts'
import { HOUR, onePlan } from '../../test/support/window-house.ts'
import type { WindowRecord } from '../model.ts'
import { windowOf } from '../status/windows.ts'
import { MAX_CLOSED } from './board.ts'

const START = Date.UTC(2026, 0, 1)
const plan = onePlan(START, START + HOUR)

/** A window of Aetna's that begins after so many hours; any part may be replaced. */
function aWindow(hours: number, parts: Partial<WindowRecord> = {}): WindowRecord {
  const startsAt = START + hours * HOUR
  return { ...windowOf(plan, { startsAt, endsAt: startsAt + HOUR }, 'scheduled'), ...parts }
}

function put(book: LogBook, value: WindowRecord, at = 0): number {
  return book.put({ kind: 'window', id: value.id, value }, { at })
}

test('windows that are not completed are present, as the protocol has them; a plan is nobody’s to see', () => {
  const book = aBook()
  put(book, aWindow(1))
  put(book, aWindow(2, { state: 'completed' }))
  put(book, aWindow(3, { state: 'overrun' }))
  book.put({ kind: 'plan', id: plan.id, value: plan })

  const present = book.board.present(resolved([]))

  assert.deepEqual(
    present.maintenance.map(({ json }) => Window.parse(JSON.parse(json)).state),
    ['scheduled', 'overrun'],
  )
  assert.equal(Object.values(present).flat().length, 5 + 2)
})

test('a completed window is told to whoever was there before', () => {
  const book = aBook()
  const rev = put(book, aWindow(1))
  put(book, aWindow(1, { state: 'completed' }))

  const { maintenance } = book.board.changedSince({ filter: resolved([]), by: 'statusRev' }, rev)

  assert.deepEqual(
    maintenance.map(({ log }) => log.value?.state),
    ['completed'],
  )
})

test('a filter finds windows by payer, by type or capability, and by the endpoints in them', () => {
  const book = aBook()
  put(book, aWindow(1))
  put(book, aWindow(2, { types: ['eligibility'] }))
  const found = (payers: string[], types: string[]) =>
    book.board.present(resolved([{ payers, types }])).maintenance.length

  assert.deepEqual(
    [found(['aetna'], ['eligibility']), found(['aetna'], ['login']), found(['cigna'], ['login'])],
    [2, 1, 0],
  )
})

test('completed windows are forgotten as closed incidents are, and the oldest beyond the maximum', () => {
  const book = new LogBook()
  for (let i = 0; i < MAX_CLOSED + 2; i++) put(book, aWindow(i, { state: 'completed' }), 5_000)
  put(book, aWindow(-1), 1_000)

  book.board.forget(0)
  const kept = [...book.board.values('window')].length
  book.board.forget(6_000)

  assert.equal(kept, MAX_CLOSED + 1)
  assert.deepEqual(
    Array.from(book.board.values('window'), ({ state }) => state),
    ['scheduled'],
  )
})
