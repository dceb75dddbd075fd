import assert from 'node:assert/strict'
import type { LogEntry } from '../../src/model.ts'
import { windowOf } from '../../src/status/windows.ts'
import {
  aBatch,
  anIncident,
  aStore,
  type ContractTests,
  DAY,
  HOUR,
  incidentEntry,
  START,
} from './a-store.ts'
import { onePlan } from './window-house.ts'

/** What every store remembers of the log. */
export const LOG: ContractTests = {
  async 'a new store remembers nothing, and from then on the epoch it was given'(place) {
    {
      await using first = await aStore(place)
      assert.equal(await first.restore('e1'), null)
      await first.close()
    }
    await using second = await aStore(place)

    const remembered = await second.restore('e2')

    assert.deepEqual(remembered, { epoch: 'e1', rev: 0, clean: true, floor: 0, entries: [] })
  },

  async 'an end without close is a crash'(place) {
    {
      await using first = await aStore(place)
      await first.restore('e1')
      await first.write(aBatch({ rev: 500 }))
    }
    await using second = await aStore(place)

    const remembered = await second.restore('e2')

    assert.equal(remembered?.clean, false)
    assert.equal(remembered.rev, 500)
  },

  async 'the bound of positions never goes back'(place) {
    {
      await using first = await aStore(place)
      await first.restore('e1')
      await first.write(aBatch({ rev: 500 }))
      await first.write(aBatch({ rev: 400 }))
      await first.close()
    }
    await using second = await aStore(place)

    assert.equal((await second.restore('e2'))?.rev, 500)
  },

  async 'the last value of every record is remembered, removals too'(place) {
    const [opened, changed] = [anIncident(1), anIncident(1, { status: 'identified' })]
    const gone: LogEntry = {
      ...{ kind: 'payer', id: 'b', value: null },
      ...{ rev: 3, statusRev: 3, resultRev: 0, at: START },
    }
    {
      await using first = await aStore(place)
      await first.restore('e1')
      await first.write(aBatch({ entries: [incidentEntry(opened, { rev: 1, at: START }), gone] }))
      await first.write(aBatch({ entries: [incidentEntry(changed, { rev: 4, at: START })] }))
      await first.close()
    }
    await using second = await aStore(place)

    const entries = (await second.restore('e2'))?.entries ?? []

    const byRev = entries.toSorted((a, b) => a.rev - b.rev)
    assert.deepEqual(byRev, [gone, incidentEntry(changed, { rev: 4, at: START })])
  },

  async 'closed incidents and removals leave the log after a while, incidents not the history'(
    place,
  ) {
    const resolvedAt = new Date(START).toISOString()
    const [open, closed] = [anIncident(1), anIncident(2, { status: 'resolved', resolvedAt })]
    const gone: LogEntry = {
      ...{ kind: 'endpoint', id: 'a/x', value: null },
      ...{ rev: 3, statusRev: 3, resultRev: 0, at: START },
    }
    {
      await using first = await aStore(place, { remember: DAY })
      await first.restore('e1')
      const entries = [open, closed].map((value, i) => incidentEntry(value, { rev: i, at: START }))
      await first.write(aBatch({ entries: [...entries, gone] }))
      first.clock.jump(DAY + HOUR)
      await first.tidy()
      await first.close()
    }
    await using second = await aStore(place)

    const remembered = await second.restore('e2')

    assert.deepEqual(
      remembered?.entries.map(({ id }) => id),
      [open.id],
    )
    assert.equal(remembered.floor, 3) // who stands before the removal cannot resume
    assert.deepEqual(await second.incident(closed.id), closed)
  },

  async 'plans and windows are remembered, completed windows for a while only'(place) {
    const plan = onePlan(START, START + HOUR)
    const entries = (['completed', 'in_progress'] as const).map((state, rev): LogEntry => {
      const startsAt = START + rev * HOUR
      const value = windowOf(plan, { startsAt, endsAt: startsAt + HOUR }, state)
      return { kind: 'window', id: value.id, value, rev, statusRev: rev, resultRev: 0, at: START }
    })
    const announced: LogEntry = {
      ...{ kind: 'plan', id: plan.id, value: plan },
      ...{ rev: 3, statusRev: 3, resultRev: 0, at: START },
    }
    {
      await using first = await aStore(place, { remember: DAY })
      await first.restore('e1')
      await first.write(aBatch({ entries: [...entries, announced] }))
      first.clock.jump(DAY + HOUR)
      await first.tidy()
      await first.close()
    }
    await using second = await aStore(place)

    const remembered = (await second.restore('e2'))?.entries ?? []

    assert.deepEqual(
      remembered.toSorted((a, b) => a.rev - b.rev),
      [entries[1], announced],
    )
  },

  async 'incidents are read newest first, page by page, by payer and by being open'(place) {
    await using store = await aStore(place)
    await store.restore('e1')
    const resolvedAt = new Date(START + HOUR).toISOString()
    const incidents = [1, 2, 3, 4].map((n) =>
      anIncident(n, n % 2 === 0 ? { payers: ['b', 'c'] } : { status: 'resolved', resolvedAt }),
    )
    const entries = incidents.map((value, rev) => incidentEntry(value, { rev, at: START }))
    await store.write(aBatch({ entries }))
    const ids = async (asked: Omit<Parameters<typeof store.incidents>[0], 'limit'>, limit = 9) =>
      (await store.incidents({ ...asked, limit })).map(({ id }) => Number(id.slice(-2)))

    assert.deepEqual(await ids({}, 3), [4, 3, 2])
    assert.deepEqual(await ids({ before: incidents[1]!.id }), [1])
    assert.deepEqual(await ids({ payers: ['c', 'd'] }), [4, 2])
    assert.deepEqual(await ids({ open: false }), [3, 1])
    assert.deepEqual(await ids({ open: true }), [4, 2])
    assert.equal(await store.incident('inc_00000000000000000000000009'), null)
  },
}
