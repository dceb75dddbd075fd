import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { between, generator, lognormal, shuffled } from './random.ts'

test('the same parts give the same numbers, in [0, 1)', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.integer())), (parts) => {
      const [one, two] = [generator(...parts), generator(...parts)]

      for (let i = 0; i < 20; i++) {
        const number = one()
        assert.ok(number >= 0 && number < 1)
        assert.equal(two(), number)
      }
    }),
  )
})

test('numbers are spread evenly, also the first ones of many generators', () => {
  const tenths = new Array<number>(10).fill(0)

  for (let i = 0; i < 10_000; i++) tenths[Math.floor(generator('a', i)() * 10)]!++

  for (const count of tenths) assert.ok(count > 850 && count < 1_150)
})

test('between stays within its bounds', () => {
  const random = generator(1)

  for (let i = 0; i < 1_000; i++) {
    const number = between(random, [5, 6])
    assert.ok(number >= 5 && number < 6)
  }
})

test('half of the lognormal numbers lie below the median', () => {
  const random = generator('latency')
  const numbers = Array.from({ length: 4_000 }, () => lognormal(random, 100, 0.35))

  const below = numbers.filter((number) => number < 100).length

  assert.ok(below > 1_850 && below < 2_150)
  assert.ok(numbers.every((number) => number > 0 && Number.isFinite(number)))
})

test('shuffling keeps everything and changes the order', () => {
  const items = Array.from({ length: 50 }, (_, index) => index)

  const mixed = shuffled(generator(2), items)

  assert.notDeepEqual(mixed, items)
  assert.deepEqual(
    mixed.toSorted((a, b) => a - b),
    items,
  )
})
