import assert from 'node:assert/strict'
import type { AskedIncidents } from '../../src/store/driver.ts'
import { type Holds, incident, NOW } from './driver-rows.ts'

/** What every driver holds to about incidents. */
export function incidentsContract(holds: Holds): void {
  holds('incidents come newest first, by payer, by state and page by page', async (open) => {
    await using driver = await open()
    const incidents = [
      incident(1, ['aetna'], 'resolved'),
      incident(2, ['cigna', 'aetna'], 'investigating'),
      incident(3, ['cigna'], 'monitoring'),
      incident(4, ['humana'], 'resolved'),
    ]
    await driver.commit({ incidents })
    await driver.commit({ incidents: [incident(3, ['humana'], 'resolved')] })
    const idOf = (order: number) => incident(order, [], 'resolved').id
    const orders = async (asked: Omit<AskedIncidents, 'limit'>, limit = 10) =>
      (await driver.incidents({ ...asked, limit })).map(({ id }) => Number(id.at(-1)))

    assert.deepEqual(await orders({}), [4, 3, 2, 1])
    assert.deepEqual(await orders({}, 2), [4, 3])
    assert.deepEqual(await orders({ before: idOf(3) }), [2, 1])
    assert.deepEqual(await orders({ payers: ['aetna', 'cigna'] }), [2, 1])
    assert.deepEqual(await orders({ payers: ['humana'], before: idOf(4) }), [3])
    assert.deepEqual(await orders({ payers: [] }), [])
    assert.deepEqual(await orders({ open: true }), [2])
    assert.deepEqual(await orders({ open: false, payers: ['humana'] }), [4, 3])
    assert.deepEqual(await driver.incident(idOf(1)), incidents[0])
    assert.equal(await driver.incident(idOf(9)), null)
  })

  holds('incidents that began before a time expire, but for those that are open', async (open) => {
    await using driver = await open()
    const old = [incident(1, ['aetna'], 'resolved'), incident(2, ['aetna'], 'identified')]
    const recent = { ...incident(3, ['aetna'], 'resolved'), openedAt: new Date(NOW).toISOString() }
    await driver.commit({ incidents: [...old, recent] })
    await driver.commit({ expire: { incidents: NOW } })

    const left = await driver.incidents({ payers: ['aetna'], limit: 10 })

    assert.deepEqual(left, [recent, old[1]])
    assert.equal(await driver.incident(old[0]!.id), null)
  })
}
