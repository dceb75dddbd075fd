import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Roster } from './roster.ts'

const anId = fc.string({ maxLength: 3 })

test('whatever the ids are, each is found in its row, and no other is found', async () => {
  await fc.assert(
    fc.property(fc.uniqueArray(anId, { maxLength: 300 }), fc.array(anId), (ids, others) => {
      const roster = new Roster(ids.map((id) => ({ id })))

      const rows = ids.map((id) => roster.rowOf(id))

      assert.deepEqual(rows, [...ids.keys()])
      for (const id of others)
        assert.equal(roster.rowOf(id), ids.includes(id) ? ids.indexOf(id) : undefined)
    }),
    { numRuns: 50 },
  )
})

test('a roster takes over what another one has of a row, and when it is due', () => {
  const before = new Roster([{ id: 'a' }, { id: 'b' }])
  before.gridPoint.set(1, 5.5)
  before.startedAt.set(1, Number.NEGATIVE_INFINITY)
  before.setbacks.set(1, 300)
  before.agenda.set(1, 7)

  const after = new Roster([{ id: 'b' }, { id: 'c' }])
  after.take(0, before, 1)

  const { gridPoint, startedAt, setbacks, agenda } = after
  assert.deepEqual(
    [gridPoint.get(0), startedAt.get(0), setbacks.get(0), agenda.nextAt()],
    [5.5, Number.NEGATIVE_INFINITY, 300, 7],
  )
  assert.deepEqual([agenda.has(0), agenda.has(1)], [true, false])
})
