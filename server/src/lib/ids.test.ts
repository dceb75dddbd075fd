import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { anyCharacter } from '../../test/support/any-character.ts'
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
    fc.property(fc.string({ unit: anyCharacter }), (name) =>
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

test('a name is near with at most three slips, however long it is', () => {
  const known = ['prairie-medicaid-of-the-northern-plains']

  assert.deepEqual(nearMatches('prairie-medicaid-of-the-northern-pla', known), known)
  assert.deepEqual(nearMatches('prxirie-medxcaid-of-the-nxrthern-plains', known), known)
  assert.deepEqual(nearMatches('prxirie-medxcaid-of-the-nxrthern-plxins', known), [])
  assert.deepEqual(nearMatches('prxirie-medxcaid-of-the-nxrthern-plain', known), [])
})

test('what is near is what a full table of distances says is near', async () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 3, maxLength: 12 })
  await fc.assert(
    fc.property(word, word, (name, candidate) => {
      const limit = Math.min(3, Math.max(2, Math.floor(name.length / 3)))
      const isNear = candidate.startsWith(name) || fullDistance(name, candidate) <= limit

      assert.deepEqual(nearMatches(name, [candidate]), isNear ? [candidate] : [])
    }),
  )
})

/** Levenshtein distance by its definition. */
function fullDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (const [i, letter] of [...a].entries()) {
    const above = row
    row = [i + 1]
    for (const [j, other] of [...b].entries())
      row.push(Math.min(above[j + 1]! + 1, row[j]! + 1, above[j]! + Number(letter !== other)))
  }
  return row[b.length]!
}
