import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Listing, pageOf } from './page.ts'

const listing = (order: 'ascending' | 'descending'): Listing<string> => ({
  list: 'things',
  keyOf: (thing) => thing,
  order,
})

test('following the cursors gives every item once, in order, whatever the page size', () => {
  const keys = fc.uniqueArray(fc.string({ unit: 'grapheme' }), { maxLength: 30 })
  const order = fc.constantFrom('ascending' as const, 'descending' as const)
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 40 }), order, (all, limit, direction) => {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = pageOf(all, listing(direction), { limit, cursor })
        assert.ok(page.items.length <= limit)
        assert.ok(seen.length <= all.length)
        seen.push(...page.items)
        cursor = page.next ?? undefined
      } while (cursor !== undefined)

      const expected = [...all].sort()
      assert.deepEqual(seen, direction === 'ascending' ? expected : expected.reverse())
    }),
  )
})

test('a page that ends exactly at the end has no next', () => {
  const page = pageOf(['a', 'b'], listing('ascending'), { limit: 2 })

  assert.deepEqual(page, { items: ['a', 'b'], next: null })
})

test('no text but a cursor of this list is taken for one', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (cursor) => {
      const text = Buffer.from(cursor, 'base64url').toString()
      fc.pre(!text.startsWith('things:'))

      assert.throws(() => pageOf(['a'], listing('ascending'), { limit: 1, cursor }), {
        code: 'invalid_request',
      })
    }),
  )
})
