import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Incident, Payer, Removed, RemovedPayer, State } from '@payer-status/protocol'
import { aResult, aServerError } from '../../test/support/builders.ts'
import { LogBook } from '../../test/support/records.ts'

const jsonOf = (book: LogBook, kind: 'endpoint' | 'payer' | 'incident', id: string) => {
  for (const entry of book.board.remembered())
    if (entry.log.kind === kind && entry.log.id === id) return JSON.parse(entry.json)
}

test('every record on the wire is of the shape that the protocol promises, and has its rev', () => {
  const book = new LogBook()
  const tls = { version: 'TLSv1.3', verified: true, expiresAt: Date.UTC(2027, 2, 1) }
  const rev = book.endpoint('aetna/login', { result: aServerError({ tls, latencyMs: 812.44 }) })
  book.endpoint('aetna/none', { result: null })
  book.payer('aetna', { types: { login: 'down' } })
  book.incident(1)
  book.remove('endpoint', 'aetna/none')
  book.payer('gone')
  book.remove('payer', 'gone')

  const state = State.parse(jsonOf(book, 'endpoint', 'aetna/login'))

  assert.deepEqual([state.rev, state.statusRev], [rev, rev])
  assert.equal(state.result?.latencyMs, 812.4)
  assert.equal(state.result?.tls?.expiresAt, '2027-03-01T00:00:00.000Z')
  assert.deepEqual(state.result?.failure, { kind: 'http_5xx' })
  Removed.parse(jsonOf(book, 'endpoint', 'aetna/none'))
  Payer.parse(jsonOf(book, 'payer', 'aetna'))
  RemovedPayer.parse(jsonOf(book, 'payer', 'gone'))
  Incident.parse(jsonOf(book, 'incident', 'inc_01000000000000000000000001'))
})

test('what the judge remembers, the address and what a probe is known by stay inside', () => {
  const book = new LogBook()
  book.endpoint('aetna/login', {
    url: 'https://canary.example/path',
    result: aResult({ probe: 'canary-probe', codes: ['CANARY:1'] }),
    memory: { recent: [], changes: [815_815_815], reached: true },
  })

  const json = JSON.stringify(jsonOf(book, 'endpoint', 'aetna/login'))

  assert.doesNotMatch(json, /canary|CANARY|815815815|memory/)
})

test('what need not be verified, and the wait for a token, are said only where they are so', () => {
  const book = new LogBook()
  const { phases } = aResult()
  book.endpoint('aetna/login', {
    skipVerify: true,
    result: aResult({ phases: { ...phases, tokenMs: 12.345 } }),
  })
  book.endpoint('aetna/other', { skipVerify: false, result: aResult() })

  const told = State.parse(jsonOf(book, 'endpoint', 'aetna/login'))
  const untold = State.parse(jsonOf(book, 'endpoint', 'aetna/other'))

  assert.deepEqual([told.skipVerify, told.result?.phases.tokenMs], [true, 12.3])
  assert.ok(!('skipVerify' in untold) && !('tokenMs' in (untold.result?.phases ?? {})))
})
