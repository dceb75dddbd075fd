import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { nearMatches, shortHash, slug, ulid } from './ids.ts'

test('a slug is lower case words joined by hyphens', () => {
  const slugs = {
    'Blue Cross & Blue Shield': 'blue-cross-and-blue-shield',
    'L.A. Care': 'l-a-care',
    'Nuestra Señora': 'nuestra-senora',
    '  MCNA  ': 'mcna',
    "People's Plan": 'peoples-plan',
  }
  for (const [name, expected] of Object.entries(slugs)) assert.equal(slug(name), expected)
})

test('any name has a slug that fits in an address', async () => {
  await fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) =>
      assert.match(slug(name), /^[a-z0-9]+(?:-[a-z0-9]+)*$/),
    ),
  )
})

test('identifiers made later sort later and none is made twice', () => {
  const random = () => 0.5
  const ids = [1, 2, 1_000, 1_700_000_000_000].map((now) => ulid(now, random))

  assert.deepEqual([...ids].sort(), ids)
  for (const id of ids) assert.match(id, /^[0-9A-HJKMNP-TV-Z]{26}$/)
})

test('a short hash is always the same six hex digits', () => {
  assert.equal(shortHash('https://a.example/'), shortHash('https://a.example/'))
  assert.match(shortHash(''), /^[0-9a-f]{6}$/)
})

test('near matches are the closest first, and nothing far off', () => {
  const known = ['aetna', 'cigna', 'anthem', 'eligibility', 'login']

  assert.deepEqual(nearMatches('Aetan', known), ['aetna'])
  assert.deepEqual(nearMatches('elig', known), ['eligibility'])
  assert.deepEqual(nearMatches('zzzzzz', known), [])
})
