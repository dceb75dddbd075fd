import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Timetable } from './timetable.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
const COUNT = 100_000

/** Memory in use, bytes: the heap, and what typed arrays keep outside of it. */
function used(): number {
  collect()
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** What is freed, bytes, when nothing holds on any more to what `build` gave. */
function weightOf(build: () => unknown): number {
  const held = [build()]
  const before = used()
  held.length = 0
  return before - used()
}

const ids = Array.from({ length: COUNT }, (_, id) => id)

function scheduled(): unknown {
  const timetable = new Timetable<{ id: number; dueAt: number; row: number }>()
  const items = ids.map((id) => ({ id, dueAt: 0.5, row: -1 }))
  for (const item of items) timetable.set(item, ((item.id * 7_919) % 300_000) + 0.5)
  return { items, timetable }
}

test('a hundred thousand schedules cost at most 64 bytes each, their fields in the items included', () => {
  weightOf(scheduled)

  const bare = weightOf(() => ids.map((id) => ({ id })))
  const each = (weightOf(scheduled) - bare) / COUNT

  assert.ok(each > 16 && each <= 64, `${each} bytes`)
})
