import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reconnectAfter as asTheServerReadsIt } from '@payer-status/protocol'
import fc from 'fast-check'
import { CAP_MS, FLOOR_MS, reconnectAfter, waitMs } from './backoff.ts'
import { systemTiming } from './timing.ts'

const withChance = (chance: number) => ({ ...systemTiming, random: () => chance })

test('the first wait is anywhere in [0, 500) ms', () => {
  const waits = Array.from({ length: 2_000 }, () => waitMs('soon', 0, systemTiming))

  assert.ok(waits.every((ms) => ms >= 0 && ms < 500))
  for (const from of [0, 100, 200, 300, 400]) {
    const share = waits.filter((ms) => ms >= from && ms < from + 100).length / waits.length
    assert.ok(share > 0.12 && share < 0.28, `${share} of the waits are in [${from}, ${from + 100})`)
  }
})

test('no wait is longer than the cap, and waits at the cap stay spread', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('soon' as const, 'backoff' as const),
      fc.nat(5_000),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (reconnect, attempt, chance) => {
        const ms = waitMs(reconnect, attempt, withChance(chance))
        return ms >= 0 && ms <= CAP_MS
      },
    ),
  )
  assert.equal(waitMs('soon', 30, withChance(0.25)), 5_000)
  assert.equal(waitMs('soon', 30, withChance(0.75)), 15_000)
})

test('a backoff waits a second at the least, whatever chance says', () => {
  assert.equal(waitMs('backoff', 0, withChance(0)), FLOOR_MS)
  assert.equal(waitMs('backoff', 0, withChance(0.5)), FLOOR_MS + 250)
  assert.equal(waitMs('backoff', 40, withChance(0)), FLOOR_MS)
})

test('a close code is read exactly as the protocol says', () => {
  for (let code = 1_000; code < 5_000; code++) {
    assert.equal(reconnectAfter(code), asTheServerReadsIt(code), String(code))
  }
})
