import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Timetable } from './timetable.ts'

const anItem = (id = 0) => ({ id, dueAt: 0, row: -1 })

test('an item is due once, at the latest time that was set', () => {
  const timetable = new Timetable<ReturnType<typeof anItem>>()
  const item = anItem()
  timetable.set(item, 10)
  timetable.set(item, 30)

  assert.equal(timetable.nextAt(), 30)
  assert.deepEqual([...timetable.takeDue(29)], [])
  assert.deepEqual([...timetable.takeDue(30)], [item])
  assert.equal(timetable.nextAt(), undefined)
})

test('whatever is set and removed, what is due comes in order, each once', async () => {
  const anyStep = fc.record({ id: fc.nat(5), at: fc.option(fc.nat(100)) })
  await fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 4_000, size: 'max' }), (steps) => {
      const items = Array.from({ length: 6 }, (_, id) => anItem(id))
      const timetable = new Timetable<ReturnType<typeof anItem>>()
      const model = new Map<number, number>()
      for (const { id, at } of steps) {
        if (at === null) timetable.remove(items[id]!)
        else timetable.set(items[id]!, at)
        if (at === null) model.delete(id)
        else model.set(id, at)
      }

      const due = [...timetable.takeDue(50)]

      const expected = [...model].filter(([, at]) => at <= 50).sort(([, a], [, b]) => a - b)
      assert.deepEqual(
        due.map(({ dueAt }) => dueAt),
        expected.map(([, at]) => at),
      )
      assert.deepEqual(new Set(due.map(({ id }) => id)), new Set(expected.map(([id]) => id)))
    }),
    { numRuns: 30 },
  )
})
