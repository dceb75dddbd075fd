import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolved } from '@payer-status/protocol'
import { aBook } from '../../test/support/hub-house.ts'
import { LogBook } from '../../test/support/records.ts'
import { type Board, type Changes, MAX_CLOSED, type Query } from './board.ts'

const EVERYTHING = resolved([])
const ids = (entries: { log: { id: string } }[]) => entries.map(({ log }) => log.id)
const since = (board: Board, rev: number, query: Partial<Query> = {}): Changes =>
  board.changedSince({ filter: EVERYTHING, by: 'rev', ...query }, rev)

test('what changed since a position is each record once, at its latest, oldest change first', () => {
  const { board, ...book } = bookOf()
  const rev = board.rev
  book.result('cigna/eligibility')
  book.result('aetna/login')
  book.result('cigna/eligibility')

  const { endpoints, payers } = since(board, rev)

  assert.deepEqual(ids(endpoints), ['aetna/login', 'cigna/eligibility'])
  assert.deepEqual(payers, [])
  assert.deepEqual(since(board, board.rev).endpoints, [])
})

test('an entry that is older than the board, or repeated, changes nothing', () => {
  const { board, ...book } = bookOf()
  const { log } = book.entry('aetna/login')

  board.apply({ ...log, rev: 2, value: null } as typeof log)
  board.apply({ ...log, rev: board.rev, value: null } as typeof log)

  assert.equal(board.endpoint('aetna/login')?.log, log)
})

test('what is present has neither removals nor closed incidents', () => {
  const { board, ...book } = bookOf()
  book.remove('endpoint', 'aetna/login')
  book.incident(1)
  book.incident(2, { status: 'resolved' })

  const { endpoints, incidents } = board.present(EVERYTHING)

  assert.deepEqual(ids(endpoints), ['aetna/eligibility', 'cigna/eligibility'])
  assert.equal(incidents.length, 1)
})

test('by statusRev, results alone are no change; removals, incidents and a new type always are', () => {
  const { board, ...book } = bookOf()
  book.incident(1)
  const rev = board.rev
  book.result('aetna/login')
  const quiet = since(board, rev, { by: 'statusRev' })
  book.put({ kind: 'endpoint', id: 'aetna/login', value: null }, { status: false })
  book.result('cigna/eligibility', { type: 'claims' })
  book.incident(1, {}, { status: false })

  const { endpoints, incidents } = since(board, rev, { by: 'statusRev' })

  assert.deepEqual(quiet.endpoints, [])
  assert.deepEqual(ids(endpoints), ['aetna/login', 'cigna/eligibility'])
  assert.equal(incidents.length, 1)
})

test('a filter finds a payer by its endpoints, and an incident by any of its endpoints', () => {
  const { board, ...book } = bookOf()
  book.incident(1, { endpoints: ['cigna/eligibility', 'aetna/login'], types: ['login'] })
  const cigna = resolved([{ payers: ['cigna'] }])
  const claims = resolved([{ types: ['claims'] }])

  assert.deepEqual(ids(board.present(cigna).payers), ['cigna'])
  assert.equal(board.present(cigna).incidents.length, 1)
  assert.equal(board.present(claims).incidents.length, 0)
})

test('an incident whose endpoint is already forgotten still matches by its own words', () => {
  const book = new LogBook()
  book.incident(1, { endpoints: ['gone/login'], types: ['login'] })

  const { incidents } = book.board.present(resolved([{ payers: ['gone'], types: ['login'] }]))

  assert.equal(incidents.length, 1)
})

test('a removed endpoint still matches by what it was', () => {
  const { board, ...book } = bookOf()
  const rev = board.rev
  book.remove('endpoint', 'aetna/login')

  const login = resolved([{ types: ['login'] }])

  assert.deepEqual(ids(since(board, rev, { filter: login }).endpoints), ['aetna/login'])
  assert.deepEqual(since(board, rev, { filter: resolved([{ payers: ['cigna'] }]) }).endpoints, [])
})

test('an endpoint that has left a filter by a new type is told to readers from before, and to no later one', () => {
  const { board, ...book } = bookOf()
  const login = resolved([{ types: ['login'] }])
  const before = board.rev
  const moved = book.result('aetna/login', { type: 'portal' })
  book.result('aetna/login', { type: 'portal' })

  assert.deepEqual(ids(since(board, before, { filter: login }).left), ['aetna/login'])
  assert.deepEqual(since(board, moved, { filter: login }).left, [])
})

test('an incident record that has left the log is not told', () => {
  const { board, ...book } = bookOf()
  const rev = board.rev
  book.put({ kind: 'incident', id: 'inc_1', value: null })

  assert.deepEqual(since(board, rev).incidents, [])
})

test('a reader can go on from any position of this log that is not before something forgotten', () => {
  const { board, ...book } = bookOf()
  const removed = book.remove('endpoint', 'aetna/login', { at: 1_000 })
  book.incident(1, { status: 'resolved' }, { at: 3_000 })
  board.forget(2_000)
  const can = (rev: number, epoch = 'e1') => board.canResume({ epoch, rev })

  assert.deepEqual(
    [can(removed - 1), can(removed), can(board.rev), can(board.rev + 1), can(board.rev, 'e0')],
    [false, true, true, false, false],
  )
  assert.equal(since(board, removed).incidents.length, 1)
})

test('of closed incidents the oldest beyond the maximum are forgotten', () => {
  const book = new LogBook()
  for (let i = 0; i < MAX_CLOSED + 2; i++) book.incident(i, { status: 'resolved' }, { at: 5_000 })

  book.board.forget(0)

  assert.equal(since(book.board, 0).incidents.length, MAX_CLOSED)
  assert.equal(book.board.canResume({ epoch: 'e1', rev: 1 }), false)
  assert.equal(book.board.canResume({ epoch: 'e1', rev: 2 }), true)
})

test('catalogRev moves when something comes, goes or is renamed, not with results or roll-ups', () => {
  const { board, ...book } = bookOf()
  const moves = (write: () => void) => {
    const before = board.catalogRev
    write()
    return board.catalogRev !== before
  }

  assert.deepEqual(
    [
      moves(() => book.result('aetna/login')),
      moves(() =>
        book.payer('aetna', { name: 'Aetna', aliases: ['Aetna Better Health'], status: 'down' }),
      ),
      moves(() => book.payer('aetna', { name: 'Aetna Inc' })),
      moves(() => book.endpoint('aetna/login', { type: 'portal' })),
      moves(() => book.remove('endpoint', 'aetna/login')),
      moves(() => book.endpoint('aetna/login')),
    ],
    [false, false, true, true, true, true],
  )
})

test('an entry that was replaced does not hold on to its neighbours', () => {
  const { board, ...book } = bookOf()
  const old = book.entry('aetna/login')

  book.result('aetna/login')

  assert.deepEqual([old.older, old.newer], [undefined, undefined])
})

/** The standing book, with its verbs bound and a way to look at an entry. */
function bookOf() {
  const book = aBook()
  return {
    board: book.board,
    put: book.put.bind(book),
    endpoint: book.endpoint.bind(book),
    result: book.result.bind(book),
    payer: book.payer.bind(book),
    incident: book.incident.bind(book),
    remove: book.remove.bind(book),
    entry(id: string) {
      const entry = book.board.endpoint(id)
      assert.ok(entry)
      return entry
    },
  }
}
