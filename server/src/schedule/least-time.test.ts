import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPlan, aScheduler, MINUTE, ofPayer, onHost } from '../../test/support/a-scheduler.ts'
import type { Share } from './gate.ts'
import { slowestOf } from './least-time.ts'

const many = (count: number, ...shares: Share[]) => Array.from({ length: count }, () => shares)

test('the last probe of a host may begin when what is more than a burst has had its tokens', () => {
  const slowest = slowestOf(many(15, onHost('a', { perMinute: 12 })))

  assert.deepEqual(slowest, { of: 'host', name: 'a', perMinute: 12, probes: 15, ms: 60_000 })
})

test('the slowest budget is told, of all hosts and payers', () => {
  const payer = ofPayer('p', { perMinute: 6 })
  const probes = [
    ...many(9, onHost('a', { perMinute: 12 }), payer),
    ...many(9, onHost('b', { perMinute: 12 }), payer),
    ...many(2, onHost('c', { perMinute: 1 })),
  ]

  const { of, name, probes: count, ms } = slowestOf(probes) ?? {}

  assert.deepEqual([of, name, count, ms], ['payer', 'p', 18, 165_000])
})

test('what fits into a burst, or has no limit in a minute, is held up by no budget', () => {
  const slowest = slowestOf([
    ...many(3, onHost('a', { perMinute: 12 })),
    ...many(1_000, onHost('b')),
    [],
  ])

  assert.equal(slowest, undefined)
  assert.equal(slowestOf([]), undefined)
})

test('a host in two networks is asked at the pace of the faster', () => {
  const probes = [
    ...many(20, onHost('a', { perMinute: 12 })),
    ...many(20, onHost('a', { perMinute: 60 })),
  ]

  assert.equal(slowestOf(probes)?.ms, 25_000)
})

for (const [perMinute, count] of [
  [12, 30],
  [6, 9],
  [1, 3],
  [7, 8],
] as const)
  test(`${count} probes at ${perMinute} a minute take the scheduler as long as foretold`, async () => {
    const shares = [onHost('a', { perMinute, concurrent: count })]
    const plans = Array.from({ length: count }, (_, i) =>
      aPlan({ id: `a/${i}`, interval: 600 * MINUTE, shares }),
    )
    const { clock, scheduler, started } = aScheduler(1)
    scheduler.assign(plans)

    const asked = plans.map(({ id }) => scheduler.probeNow(id))
    await clock.advance(10 * MINUTE)
    await Promise.all(asked)

    const last = Math.max(...started.map(({ at }) => at))
    assert.ok(Math.abs(last - (slowestOf(plans.map((plan) => plan.shares))?.ms ?? 0)) < 1)
  })
