import assert from 'node:assert/strict'
import { test } from 'node:test'
import { announcing } from '../../test/support/maintenance-house.ts'
import { MaintenancePlan } from './api/maintenance-shapes.ts'

const ONCE = { starts: '2026-02-01T22:00-05:00', ends: '2026-02-02T02:00-05:00' }
const AGAIN = { payer: 'aetna', rrule: 'FREQ=WEEKLY;BYDAY=SU', startLocal: '00:00', duration: '6h' }

test('the calendar of a payer holds its windows, says when it has not changed, and what was withdrawn', async (t) => {
  const { announce, withdraw, url } = await announcing(t)
  const { id } = MaintenancePlan.parse((await announce(AGAIN)).json)
  await announce({ ...ONCE, payer: 'cigna' })
  const calendar = (name: string, headers = {}) =>
    fetch(`${url}/api/v1/payers/${name}/maintenance.ics`, { headers })

  const answer = await calendar('60054')
  const etag = answer.headers.get('etag') ?? ''
  const text = await answer.text()

  assert.equal(answer.headers.get('content-type'), 'text/calendar; charset=utf-8')
  assert.equal(
    answer.headers.get('content-disposition'),
    'inline; filename="aetna-maintenance.ics"',
  )
  assert.equal(text.match(/^UID:mp_/gm)?.length, text.match(/^STATUS:CONFIRMED/gm)?.length)
  assert.ok(text.includes(`UID:${id}-20260104T000000Z@payer-status\r\n`))
  const unchanged = await calendar('aetna', { 'if-none-match': etag })
  assert.deepEqual([unchanged.status, await unchanged.text()], [304, ''])
  await withdraw(id)
  const changed = await calendar('aetna', { 'if-none-match': etag })
  const after = await changed.text()
  assert.equal(changed.status, 200)
  assert.ok(after.includes(`UID:${id}-20260104T000000Z@payer-status\r\n`))
  const next = /UID:mp_\w+-20260104T000000Z[\s\S]*?STATUS:(\w+)/
  assert.deepEqual([next.exec(text)?.[1], next.exec(after)?.[1]], ['CONFIRMED', 'CANCELLED'])
  assert.equal((await calendar('nobody')).status, 404)
})
