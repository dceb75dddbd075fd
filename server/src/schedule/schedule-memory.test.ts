import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { aPlan, MINUTE, onHost } from '../../test/support/a-scheduler.ts'
import { settle } from '../../test/support/fake-clock.ts'
import { SwiftClock } from '../../test/support/swift-clock.ts'
import { Scheduler } from './scheduler.ts'
import type { Planned } from './slot.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Memory in use, bytes: the heap, and what typed arrays keep outside of it. */
async function used(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    collect()
    await settle() // buffers are freed aside
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const plansOf = (count: number, shares = [onHost('a')]) =>
  Array.from({ length: count }, (_, i) =>
    aPlan({ id: `payer-${i}/login`, interval: 5 * MINUTE, shares }),
  )

function aScheduler() {
  const clock = new SwiftClock(0)
  const outside = { clock, random: () => 0.5, concurrency: 128, onLag: () => {} }
  const scheduler = new Scheduler<null>({
    ...outside,
    planOf: (plan) => plan,
    onDue: async () => ({ outcome: null, recheckIn: null, course: 'answering' }),
  })
  return { clock, scheduler }
}

type House = ReturnType<typeof aScheduler>

/** What is weighed; nobody else holds on to it. */
const scale: House[] = []

/** Puts a scheduler that has lived on the scale. */
async function put(plans: readonly Planned[], live: (house: House) => unknown): Promise<void> {
  const house = aScheduler()
  house.scheduler.assign(plans)
  await live(house)
  house.scheduler.assign(plans)
  scale.push(house)
}

/** What it keeps, bytes an endpoint, beyond the endpoints themselves: what is freed when it is taken off the scale. */
async function weightOf(count: number, live: (house: House) => unknown = () => {}) {
  const plans = plansOf(count)
  await put(plans, live)
  const before = await used()
  scale.length = 0
  return (before - (await used())) / plans.length
}

test('a hundred thousand schedules cost at most 64 bytes each, with all that the scheduler keeps of them', async () => {
  await weightOf(1_000)

  const each = await weightOf(100_000)

  assert.ok(each > 16 && each <= 64, `${each} bytes`)
})

test('what has been probed costs no more than before', async () => {
  const each = await weightOf(50_000, async ({ clock, scheduler }) => {
    await clock.runUntil(6 * MINUTE)
    assert.ok(scheduler.counts.started >= 50_000)
  })

  assert.ok(each > 16 && each <= 64, `${each} bytes`)
})

test('what was assigned before costs nothing', async () => {
  const each = await weightOf(50_000, ({ scheduler }) => {
    for (let i = 1; i <= 3; i++) scheduler.assign(plansOf(25_000 * i))
  })

  assert.ok(each > 16 && each <= 64, `${each} bytes`)
})
