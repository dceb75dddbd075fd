import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { aBook } from '../../test/support/hub-house.ts'
import { Names } from './names.ts'

function aDirectory() {
  const book = aBook()
  book.payer('humana', {
    name: 'Humana',
    aliases: ['aetna'],
    identifiers: [{ scheme: 'x12_payer_id', value: '61101' }],
  })
  const clock = new FakeClock()
  return { book, clock, names: new Names(book.board, clock) }
}

test('a payer goes by id, display name, alias or identifier, without regard to case', () => {
  const { names } = aDirectory()

  const found = ['cigna', 'CIGNA', 'aetna better HEALTH', '61101', 'nobody', '__proto__'].map(
    (name) => names.payer(name),
  )

  assert.deepEqual(found, ['cigna', 'cigna', 'aetna', 'humana', undefined, undefined])
})

test('an id beats the alias that another payer has', () => {
  const { names } = aDirectory()

  assert.equal(names.payer('Aetna'), 'aetna')
})

test('two filters that mean the same have the same key', () => {
  const { names } = aDirectory()
  const key = (payers: string[]) => {
    const resolved = names.resolve([{ payers, types: ['Eligibility'] }])
    return 'filter' in resolved ? resolved.filter.key : undefined
  }

  assert.equal(key(['Aetna Better Health', 'CIGNA']), key(['cigna', 'aetna', 'aetna']))
})

test('every unknown name is reported with its place, the first with near names', () => {
  const { names } = aDirectory()

  const resolved = names.resolve([
    { payers: ['aetna'] },
    { payers: ['cigma'], types: ['eligibilty'], endpoints: ['aetna/logon'] },
  ])

  assert.ok('unknown' in resolved)
  assert.deepEqual(
    resolved.unknown.map(({ list, clause, index, near }) => [list, clause, index, near[0]]),
    [
      ['payers', 1, 0, 'cigna'],
      ['types', 1, 0, undefined],
      ['endpoints', 1, 0, undefined],
    ],
  )
})

test('types and endpoints have near names too', () => {
  const { names } = aDirectory()

  for (const [clause, near] of [
    [{ types: ['eligibilty'] }, 'eligibility'],
    [{ endpoints: ['aetna/logon'] }, 'aetna/login'],
  ] as const) {
    const resolved = names.resolve([clause as object])
    assert.ok('unknown' in resolved)
    assert.equal(resolved.unknown[0]?.near[0], near)
  }
})

test('near names are looked for twenty times a second, whoever asks', async () => {
  const { names, clock } = aDirectory()
  const search = [
    () => names.nearPayers('cigma'),
    () => names.nearAmong('cigna/eligibilty', ['cigna/eligibility']),
    () => {
      const resolved = names.resolve([{ payers: ['cigma'] }])
      return 'unknown' in resolved ? (resolved.unknown[0]?.near ?? []) : []
    },
  ]
  const found = (times: number) =>
    Array.from({ length: times }, (_, i) => search[i % search.length]?.().length)

  const first = found(23)
  await clock.advance(1_000)
  const later = found(1)

  assert.deepEqual(first, [...Array(20).fill(1), 0, 0, 0])
  assert.deepEqual(later, [1])
})

test('a filter full of unknown names costs a bounded search', () => {
  const { names, book } = aDirectory()
  for (let i = 0; i < 3_000; i++) book.endpoint(`aetna/endpoint-number-${i}`)
  const endpoints = Array.from({ length: 1_000 }, (_, i) => `aetna/endpoint-nummer-${i}`)

  const resolved = names.resolve([{ endpoints }])

  assert.ok('unknown' in resolved)
  assert.equal(resolved.unknown.length, 1_000)
  assert.equal(resolved.unknown.filter(({ near }) => near.length > 0).length, 1)
})

test('what was removed can still be asked for, but is no payer any more', () => {
  const { names, book } = aDirectory()
  book.remove('endpoint', 'cigna/eligibility')
  book.remove('payer', 'cigna')

  const resolved = names.resolve([{ payers: ['Cigna'], endpoints: ['cigna/eligibility'] }])

  assert.ok('filter' in resolved)
  assert.equal(names.payer('cigna'), undefined)
  assert.deepEqual(names.nearPayers('cigma'), [])
})

test('a payer that comes later is known at once', () => {
  const { names, book } = aDirectory()
  const before = names.payer('molina')

  book.payer('molina', { name: 'Molina' })

  assert.deepEqual([before, names.payer('Molina')], [undefined, 'molina'])
})
