import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { overview, type Page, pageHash, readPlace, writePlace } from './address.ts'
import { RANGE_NAMES } from './range.ts'
import { everything } from './search.ts'
import { STATUSES } from './status.ts'

test('the overview as it is has no fragment', () => {
  assert.equal(writePlace({ query: everything, open: null, page: overview }), '')
  assert.deepEqual(readPlace(''), { query: everything, open: null, page: overview })
})

test('a place is readable in the address', () => {
  const place = {
    query: { ...everything, text: 'aetna', statuses: new Set(['down'] as const) },
    open: null,
    page: overview,
  }

  assert.equal(writePlace(place), '#q=aetna&status=down')
})

test('what was written is read again', () => {
  const text = fc.string({ maxLength: 60 }).filter((one) => one === '' || one.trim() !== '')
  const statuses = fc.subarray([...STATUSES]).map((list) => new Set(list))
  const sort = fc.constantFrom('worst' as const, 'name' as const)
  const ranges = fc.constantFrom(...RANGE_NAMES)
  const pages: fc.Arbitrary<Page> = fc.oneof(
    fc.constant(overview),
    fc
      .tuple(fc.string(), ranges)
      .map(([endpoint, range]): Page => ({ kind: 'endpoint', endpoint, range })),
    fc.option(fc.string()).map((incident): Page => ({ kind: 'incidents', incident })),
  )
  const place = fc
    .tuple(text, statuses, sort, fc.option(fc.string()), pages)
    .map(([q, s, by, open, page]) => ({ query: { text: q, statuses: s, sort: by }, open, page }))

  fc.assert(fc.property(place, (one) => assert.deepEqual(readPlace(writePlace(one)), one)))
})

test('each page has an address of its own', () => {
  const hashes = [
    overview,
    { kind: 'endpoint', endpoint: 'aetna/eligibility', range: '24h' },
    { kind: 'endpoint', endpoint: 'aetna/eligibility', range: '7d' },
    { kind: 'incidents', incident: null },
    { kind: 'incidents', incident: 'inc_1' },
  ] satisfies Page[]

  assert.deepEqual(hashes.map(pageHash), [
    '#',
    '#endpoint=aetna/eligibility',
    '#endpoint=aetna/eligibility&range=7d',
    '#page=incidents',
    '#incident=inc_1',
  ])
})

test('whatever an address holds, it is a place', () => {
  fc.assert(
    fc.property(fc.string(), (hash) => {
      readPlace(hash)
    }),
  )
  assert.equal(readPlace('#status=down,nonsense,__proto__&sort=<b>').query.statuses.size, 1)
  assert.equal(readPlace(`#q=${'x'.repeat(9_000)}`).query.text.length, 200)
})
