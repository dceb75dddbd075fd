import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolved } from '@payer-status/protocol'
import { aBook } from '../../test/support/hub-house.ts'
import type { LogBook } from '../../test/support/records.ts'
import { Board, type Changes } from './board.ts'
import { Names } from './names.ts'

const FILTERS = [
  resolved([]),
  resolved([{ types: ['login'] }]),
  resolved([{ types: ['portal'] }]),
  resolved([{ payers: ['aetna'] }]),
  resolved([{ endpoints: ['cigna/eligibility'] }]),
]

/** Removals, an endpoint with another type, a renamed payer, incidents; all that came before `forget` is forgotten. */
function aBookWithAPast(): LogBook {
  const book = aBook()
  book.incident(1, { status: 'resolved' })
  book.remove('endpoint', 'aetna/eligibility')
  book.forget()
  book.endpoint('aetna/login', { type: 'portal' })
  book.payer('aetna', { name: 'Aetna Health' })
  book.result('cigna/eligibility')
  book.incident(2)
  book.incident(3, { status: 'resolved' })
  book.remove('endpoint', 'cigna/eligibility')
  book.remove('payer', 'cigna')
  return book
}

/** All that readers of a board are told, whatever they ask for and wherever they stand. */
function allAnswers(board: Board): unknown[] {
  const revs = Array.from({ length: board.rev + 2 }, (_, rev) => rev)
  const told = FILTERS.flatMap((filter) => [
    plain(board.present(filter)),
    ...revs.map((rev) => plain(board.changedSince({ filter, by: 'rev' }, rev))),
    ...revs.map((rev) => plain(board.changedSince({ filter, by: 'statusRev' }, rev))),
  ])
  const resumes = revs.map((rev) => board.canResume({ epoch: board.epoch, rev }))
  return [...told, resumes, board.catalogRev, [...board.endpoints()], [...board.payers()]]
}

function plain(changes: Changes): unknown {
  return Object.values(changes).map((list) => list.map(({ json }) => json))
}

test('a copy answers as its board does, to readers who were away as to new ones', () => {
  const { board } = aBookWithAPast()

  const copy = Board.from(structuredClone(board.copy()))

  assert.deepEqual(allAnswers(copy), allAnswers(board))
  assert.ok(board.canResume({ epoch: board.epoch, rev: board.rev - 1 }))
  assert.ok(!board.canResume({ epoch: board.epoch, rev: 0 }))
})

test('a copy that is told the same goes on as its board does, whatever comes twice', () => {
  const book = aBookWithAPast()
  const { board } = book
  const copy = Board.from(structuredClone(board.copy()))
  const before = board.rev
  book.result('aetna/login')
  book.endpoint('cigna/eligibility', { type: 'login' })
  book.incident(2, { status: 'resolved' })

  const news = [...board.entriesSince(before - 2)].reverse()
  for (const { log } of news) copy.apply(structuredClone(log))
  for (const each of [board, copy]) each.forget(Number.POSITIVE_INFINITY)

  assert.deepEqual(allAnswers(copy), allAnswers(board))
})

test('names mean the same on a copy, those of what has left included', () => {
  const { board } = aBookWithAPast()
  const filter = [{ payers: ['Aetna Health', 'cigna'], endpoints: ['cigna/eligibility'] }]

  const copy = Board.from(structuredClone(board.copy()))

  const [expected, found] = [board, copy].map((each) => new Names(each).resolve(filter))
  assert.deepEqual(JSON.stringify(found), JSON.stringify(expected))
  assert.ok(expected !== undefined && 'filter' in expected)
})
