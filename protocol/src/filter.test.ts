import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Clause, Filter, type Filterable, resolved } from './filter.ts'

const word = fc.constantFrom('a', 'b', 'c', 'A')
const list = fc.option(fc.array(word, { maxLength: 3 }), { nil: undefined })
const clause = fc
  .record({ payers: list, types: list, endpoints: list })
  .map((lists) => Object.fromEntries(Object.entries(lists).filter(([, names]) => names)) as Clause)
const lower = fc.constantFrom('a', 'b', 'c')
const item: fc.Arbitrary<Filterable> = fc.record({
  endpoint: lower,
  payer: lower,
  type: word,
  capability: fc.option(lower),
})

/** The rule as the document has it, word for word and slowly. */
function matchesByTheBook(
  filter: readonly Clause[],
  { payer, type, capability, endpoint }: Filterable,
) {
  const has = (names: readonly string[] | undefined, values: (string | null)[]) =>
    !names?.length || names.some((name) => values.includes(name.toLowerCase()))
  return (
    filter.length === 0 ||
    filter.some(
      ({ payers, types, endpoints }) =>
        has(payers, [payer]) &&
        has(types, [type.toLowerCase(), capability]) &&
        has(endpoints, [endpoint]),
    )
  )
}

test('clauses are joined by OR, lists by AND, an empty list or filter means all', () => {
  fc.assert(
    fc.property(fc.array(clause, { maxLength: 4 }), item, (filter, one) => {
      assert.equal(resolved(filter).matches(one), matchesByTheBook(filter, one))
    }),
  )
})

test('filters with the same key match the same', () => {
  const filters = fc.array(clause, { maxLength: 2 })
  fc.assert(
    fc.property(filters, filters, item, (a, b, one) => {
      if (resolved(a).key === resolved(b).key)
        assert.equal(resolved(a).matches(one), resolved(b).matches(one))
    }),
  )
})

test('neither order nor repetition nor case makes another key', () => {
  const a = resolved([{ payers: ['b', 'a'] }, { types: ['Login'] }])
  const b = resolved([
    { types: ['login', 'LOGIN'] },
    { payers: ['a', 'b', 'a'] },
    { payers: ['a', 'b'] },
  ])

  assert.equal(a.key, b.key)
})

test('everything has the empty key', () => {
  assert.deepEqual(
    [[], [{}], [{ payers: [] }, { types: ['x'] }]].map((filter) => resolved(filter).key),
    ['', '', ''],
  )
})

for (const [title, filter] of [
  ['33 clauses', Array(33).fill({})],
  ['1,001 names in a list', [{ payers: Array(1_001).fill('a') }]],
  ['a name of 201 characters', [{ payers: ['x'.repeat(201)] }]],
  ['an empty name', [{ types: [''] }]],
  ['another key', [{ payer: ['a'] }]],
] as const)
  test(`a filter of ${title} is refused`, () => {
    assert.equal(Filter.safeParse(filter).success, false)
  })
