import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Window } from '@payer-status/client'
import { state, window } from '../../test/support/records.ts'
import { time, zoneName } from './format.ts'
import { maintenanceEnd, windowBadge, windowLine, windowsOf, windowText } from './windows.ts'

const login = state('a/login', { type: 'login', capability: 'provider_portal', via: 'direct' })

test('of announced maintenance what is under way goes first, then what comes next, five at most', () => {
  const ahead = (day: number) =>
    window(`mw_${day}`, { state: 'scheduled', startsAt: `2026-01-0${day}T10:00:00.000Z` })
  const on = window('mw_on', { types: ['Provider_Portal'] })
  const others = [
    window('mw_x', { types: ['eligibility'] }),
    window('mw_y', { via: 'availity' }),
    window('mw_z', { state: 'completed' }),
  ]
  const all = [...[7, 3, 6, 4, 5, 2].map(ahead), ...others, on]
  const ids = (of: Window[]) => of.map(({ id }) => id)

  assert.deepEqual(ids(windowsOf(login, all)), ['mw_on', 'mw_2', 'mw_3', 'mw_4', 'mw_5'])
  assert.deepEqual(ids(windowsOf(null, [...others, on])).sort(), ['mw_on', 'mw_x', 'mw_y'])
})

test('an endpoint in a window says until when, whatever its status; after it nothing', () => {
  const now = new Date(2026, 2, 3, 15, 0).getTime()
  const end = now + 7_200_000
  const windows = [window('mw_1', { endsAt: new Date(end).toISOString() }), window('mw_2')]
  const badge = (id?: string) =>
    windowBadge(id === undefined ? login : { ...login, window: id }, windows, now)

  assert.equal(badge('mw_1'), `in maintenance until ${time(end)} (${zoneName(end)})`)
  assert.equal(badge('mw_of_later'), 'in maintenance')
  assert.equal(badge(), undefined)
})

test('a window says when it is, where the reader’s clock stands, and what it is about', () => {
  const now = new Date(2026, 2, 3, 15, 0).getTime()
  const one = window('mw_1', { types: ['login', 'eligibility'], via: 'availity' })

  const text = windowLine({ ...one, endsAt: new Date(now + 60_000).toISOString() }, now)

  const zone = zoneName(Date.parse(one.startsAt))
  assert.equal(text, `Maintenance until 15:01 (${zone}): login, eligibility, via availity`)
  assert.match(windowLine(window('mw_1'), now), / \(UTC[^)]*\)$/)
})

test('only what is in maintenance has an end of it, that of the window that ends last', () => {
  const windows = [
    window('mw_1', { endsAt: '2026-01-01T14:00:00.000Z' }),
    window('mw_2', { endsAt: '2026-01-01T15:00:00.000Z' }),
    window('mw_3', { endsAt: '2026-01-01T16:00:00.000Z', via: 'availity' }),
    window('mw_4', { endsAt: '2026-01-01T17:00:00.000Z', state: 'scheduled' }),
  ]

  assert.equal(maintenanceEnd(login, windows), null)
  assert.equal(
    maintenanceEnd({ ...login, status: 'maintenance' }, windows),
    Date.parse('2026-01-01T15:00:00.000Z'),
  )
})

test('announced maintenance says when it is, and that it should be over', () => {
  const now = new Date(2026, 2, 3, 15, 0).getTime()
  const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString()
  const one = (state: Window['state'], from: number) =>
    windowText({ ...window('mw_1'), state, startsAt: at(from), endsAt: at(from + 4) }, now)

  assert.equal(one('in_progress', -1), 'until 18:00')
  assert.equal(one('overrun', -5), 'should have ended 14:00')
  assert.equal(one('scheduled', 24), '4 Mar, 15:00 to 19:00')
})
