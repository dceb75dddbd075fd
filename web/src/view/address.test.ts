import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readPlace, writePlace } from './address.ts'
import { everything } from './search.ts'
import { STATUSES } from './status.ts'

test('the overview as it is has no fragment', () => {
  assert.equal(writePlace({ query: everything, open: null }), '')
  assert.deepEqual(readPlace(''), { query: everything, open: null })
})

test('a place is readable in the address', () => {
  const place = {
    query: { ...everything, text: 'aetna', statuses: new Set(['down'] as const) },
    open: null,
  }

  assert.equal(writePlace(place), '#q=aetna&status=down')
})

test('what was written is read again', () => {
  const text = fc.string({ maxLength: 60 }).filter((one) => one === '' || one.trim() !== '')
  const statuses = fc.subarray([...STATUSES]).map((list) => new Set(list))
  const sort = fc.constantFrom('worst' as const, 'name' as const)
  const place = fc
    .tuple(text, statuses, sort, fc.option(fc.string()))
    .map(([q, s, by, open]) => ({ query: { text: q, statuses: s, sort: by }, open }))

  fc.assert(fc.property(place, (one) => assert.deepEqual(readPlace(writePlace(one)), one)))
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
