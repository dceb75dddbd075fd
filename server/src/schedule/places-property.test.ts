import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ofPayer, onHost } from '../../test/support/a-scheduler.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import type { Share } from './gate.ts'
import { Places } from './places.ts'

type Item = { shares: readonly Share[]; isQueued: boolean }

const WORKERS = 4

/** Places, and who should be where. */
class House {
  readonly #clock = new FakeClock()
  readonly places = new Places<Item>(this.#clock, WORKERS)
  readonly waiting: Item[] = []
  readonly #running: Item[] = []

  come(shares: Share[]): void {
    const item = { shares, isQueued: false }
    this.waiting.push(item)
    this.places.enqueue(item)
  }

  vanish(which: number): void {
    const [item] = this.waiting.splice(which % Math.max(1, this.waiting.length), 1)
    if (item) this.places.withdraw(item)
  }

  move(which: number, shares: Share[]): void {
    const item = this.waiting[which % Math.max(1, this.waiting.length)]
    if (item) this.places.reshare(item, shares)
  }

  leave(which: number): void {
    const [item] = this.#running.splice(which % Math.max(1, this.#running.length), 1)
    if (item) this.places.leave(item.shares)
  }

  repeat(which: number): void {
    const item = this.#running[which % Math.max(1, this.#running.length)]
    if (item) this.places.again(item, 20_000)
  }

  wait(ms: number): Promise<void> {
    return this.#clock.advance(ms)
  }

  /** Starts whatever may start, and looks whether it might. */
  start(): void {
    for (let item = this.places.next(); item; item = this.places.next()) {
      this.waiting.splice(this.waiting.indexOf(item), 1)
      this.#running.push(item)
    }
    assert.ok(this.#running.length <= WORKERS)
    const shares = this.#running.flatMap((item) => item.shares)
    for (const [, same] of Map.groupBy(shares, ({ of, name }) => `${of} ${name}`))
      assert.ok(same.every(({ concurrent }) => same.length <= concurrent))
  }

  /** Lets everything end, time and again, until nobody waits. */
  async empty(): Promise<void> {
    for (let round = 0; round < 2_000 && this.waiting.length > 0; round++) {
      while (this.#running.length > 0) this.leave(0)
      this.start()
      const next = this.places.nextTokenAt() ?? 0
      await this.wait(Math.max(0, next - this.#clock.monotonic()))
      this.start()
    }
    while (this.#running.length > 0) this.leave(0)
    this.start()
  }
}

const sharesAt = (host: number, payer: number) => [
  onHost(`h${host}`, { concurrent: host + 1, perMinute: 6 * (host + 1) }),
  ofPayer(`p${payer}`, { concurrent: payer + 1, perMinute: 30 }),
]

const [place, which] = [fc.nat(2), fc.nat(20)]
const anyStep = fc.oneof(
  fc
    .tuple(place, place)
    .map(([h, p]) => [`come ${h} ${p}`, (house: House) => house.come(sharesAt(h, p))] as const),
  fc
    .tuple(which, place)
    .map(
      ([i, h]) => [`move ${i} to ${h}`, (house: House) => house.move(i, sharesAt(h, 0))] as const,
    ),
  which.map((i) => [`leave ${i}`, (house: House) => house.leave(i)] as const),
  which.map((i) => [`vanish ${i}`, (house: House) => house.vanish(i)] as const),
  which.map((i) => [`repeat ${i}`, (house: House) => house.repeat(i)] as const),
  fc.nat(30_000).map((ms) => [`wait ${ms}`, (house: House) => house.wait(ms)] as const),
)

test('whoever comes, goes and is moved, no budget is exceeded and nobody is forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 120 }), async (steps) => {
      const house = new House()
      for (const [, step] of steps) {
        await step(house)
        house.start()
      }

      await house.empty()

      assert.deepEqual(house.waiting, [])
      assert.equal(house.places.waiting, 0)
    }),
    { numRuns: 60 },
  )
})
