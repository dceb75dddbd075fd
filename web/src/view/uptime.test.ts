import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DailyMinutes } from '../history/shapes.ts'
import { daysByPayer } from './uptime.ts'

const days = ['2026-11-23', '2026-11-24', '2026-11-25']
const row = (endpoint: string, minutes: DailyMinutes) => ({
  endpoint,
  payer: endpoint.split('/')[0] ?? '',
  minutes,
})
const answer = (...items: ReturnType<typeof row>[]) => daysByPayer({ days, items, next: null })
const whole = [1_440, 1_440, 600]

test('a day of a payer is the worst of its endpoints', () => {
  const found = answer(
    row('aetna/a', { operational: whole }),
    row('aetna/b', { operational: [1_430, 1_440, 0], down: [10, 0, 0], degraded: [0, 0, 600] }),
    row('cigna/a', { operational: whole }),
  )

  assert.deepEqual(found.get('aetna')?.worst, ['down', 'operational', 'degraded'])
  assert.deepEqual(found.get('cigna')?.worst, ['operational', 'operational', 'operational'])
})

test('what was announced is maintenance, and what was not observed is unknown', () => {
  const found = answer(
    row('aetna/a', { operational: [1_400, 0, 600], down: [40, 0, 0], planned: [40, 0, 0] }),
    row('cigna/a', { operational: [1_430, 0, 600], maintenance: [10, 0, 0], planned: [10, 0, 0] }),
  )

  assert.deepEqual(found.get('aetna')?.worst, ['maintenance', 'unknown', 'operational'])
  assert.deepEqual(found.get('cigna')?.worst, ['maintenance', 'unknown', 'operational'])
})

test('the availability is that of the observed minutes, never rounded up', () => {
  const found = answer(
    row('aetna/a', { operational: [1_440, 1_440, 599.9], down: [0, 0, 0.1] }),
    row('cigna/a', { operational: whole }),
  )

  assert.ok((found.get('aetna')?.availability ?? 1) < 1)
  assert.match(
    found.get('aetna')?.words ?? '',
    /^Last 3 days: 99\.99\u00a0%; down on 1 day \(25 Nov\)$/,
  )
  assert.equal(found.get('cigna')?.words, 'Last 3 days: 100\u00a0%; nothing wrong')
})

test('an endpoint that was observed for less than nine tenths does not count, and nobody is guessed', () => {
  const found = answer(
    row('aetna/a', { operational: whole }),
    row('aetna/b', { operational: [0, 0, 300], down: [0, 0, 300] }),
    row('cigna/a', { operational: [0, 0, 600] }),
    row('gone/a', {}),
  )

  assert.equal(found.get('aetna')?.availability, 1)
  assert.equal(found.get('cigna')?.availability, null)
  assert.equal(found.get('cigna')?.words, 'Last 3 days: not enough data; not observed on 2')
  assert.equal(found.get('gone')?.availability, null)
})

test('in the first hours the time before the first one does not count against anybody', () => {
  const found = answer(
    row('aetna/a', { operational: [0, 0, 30] }),
    row('cigna/a', { operational: [0, 0, 29] }),
  )

  assert.equal(found.get('aetna')?.availability, 1)
  assert.equal(found.get('cigna')?.availability, 1)
})
