import assert from 'node:assert/strict'
import type { Driver } from '../../src/store/driver.ts'
import { bytes, change, HOUR, type Holds, NOW } from './driver-rows.ts'

const DAY = 24 * HOUR
const ALWAYS = { from: 0, to: NOW + 100 * DAY }

/** What every driver holds to when history gets old. */
export function expiryContract(holds: Holds): void {
  holds('chunks and roll-ups that began before a time expire, to the hour', async (open) => {
    await using driver = await open()
    await fill(driver)
    const before = NOW + 2 * DAY + 7 * HOUR
    await driver.commit({ expire: { chunks: before } })

    for (const endpoint of [1, 2]) {
      assert.equal((await driver.chunks(endpoint, ALWAYS)).at(0)?.at, before)
      assert.equal((await rollups(driver, endpoint, HOUR)).at(0), NOW)
    }
    assert.equal(await driver.oldestChunkAt(), before)

    await driver.commit({ expire: { rollups: [{ resolution: HOUR, before }] } })

    assert.equal((await rollups(driver, 2, HOUR)).at(0), before)
    assert.equal((await rollups(driver, 2, 12 * HOUR)).at(0), NOW)
  })

  holds('what expires comes in small steps', async (open) => {
    await using driver = await open()
    await fill(driver)
    const late = { endpoint: 1, at: NOW + 90 * 60_000, rows: 1, packed: bytes(1) }
    const left = async () => (await driver.chunks(1, ALWAYS)).length
    const counts: number[] = []
    for (const hours of [0.5, 1, 1.25, 1.5, 2]) {
      await driver.commit({ expire: { chunks: NOW + hours * HOUR } })
      counts.push(await left())
      if (hours === 1.25) await driver.commit({ chunks: [late] })
    }

    assert.deepEqual(counts, [119, 119, 118, 119, 118])
    assert.equal(await driver.oldestChunkAt(), NOW + 2 * HOUR)
  })

  holds('everything may expire', async (open) => {
    await using driver = await open()
    await fill(driver)
    const end = NOW + 1_000 * DAY
    await driver.commit({
      expire: { chunks: end, rollups: [{ resolution: HOUR, before: end }], days: end / DAY },
    })

    assert.deepEqual(await driver.chunks(1, ALWAYS), [])
    assert.deepEqual(await rollups(driver, 1, HOUR), [])
    assert.deepEqual(await driver.days(0, 100_000), [])
    assert.equal(await driver.oldestChunkAt(), null)
  })

  holds('days expire by their numbers', async (open) => {
    await using driver = await open()
    await driver.commit({ days: [1, 2, 3].map((day) => ({ day, packed: bytes(1) })) })
    await driver.commit({ expire: { days: 2 } })

    const days = await driver.days(0, 100_000)

    assert.deepEqual(
      days.map(({ day }) => day),
      [2, 3],
    )
  })

  holds('of a timeline the row in force stays', async (open) => {
    await using driver = await open()
    const rows = [0, 2, 4, 6].map((hour) => change(hour, 'down'))
    const other = { ...change(1, 'operational'), endpoint: 2 }
    await driver.commit({ timeline: [...rows, other] })
    await driver.commit({ expire: { timeline: NOW + 4 * HOUR } })

    assert.deepEqual(await driver.timeline(1, ALWAYS), rows.slice(2))
    assert.deepEqual(await driver.timeline(2, ALWAYS), [other])
  })
}

/** Five days of two endpoints. */
async function fill(driver: Driver): Promise<void> {
  const hours = Array.from({ length: 5 * 24 }, (_, hour) => NOW + hour * HOUR)
  const packed = bytes(1, 2, 3)
  await driver.commit({
    chunks: [2, 1].flatMap((endpoint) => hours.map((at) => ({ endpoint, at, rows: 60, packed }))),
    rollups: [1, 2].flatMap((endpoint) => [
      ...hours.map((at) => ({ endpoint, at, resolution: HOUR, packed })),
      { endpoint, at: NOW, resolution: 12 * HOUR, packed },
    ]),
    days: [{ day: NOW / DAY, packed }],
  })
}

async function rollups(driver: Driver, endpoint: number, resolution: number): Promise<number[]> {
  const found = await driver.rollups(endpoint, { ...ALWAYS, resolution })
  return found.map(({ at }) => at)
}
