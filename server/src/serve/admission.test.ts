import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { Admission } from './admission.ts'

const LIMITS = {
  maxConnections: 10,
  connectionsPerAddress: 5,
  handshakesPerSecond: 100,
  handshakesAtOnce: 100,
}

function anAdmission(limits: Partial<typeof LIMITS> = {}) {
  const clock = new FakeClock()
  const admission = new Admission({ ...LIMITS, ...limits }, { clock, random: () => 0.5 })
  const admit = (remote = '192.0.2.1') => admission.admit(remote)
  return { clock, admit }
}

const isIn = (place: object) => 'release' in place

test('no more than the maximum are let in, and a place that comes free is given again', () => {
  const { admit } = anAdmission({ maxConnections: 2 })
  const first = admit('192.0.2.1')
  admit('192.0.2.2')

  const refused = admit('192.0.2.3')
  if ('release' in first) {
    first.release()
    first.release()
  }

  assert.ok('retryAfterMs' in refused && refused.retryAfterMs >= 1_000)
  assert.ok(isIn(admit('192.0.2.4')))
  assert.ok(!isIn(admit('192.0.2.5')), 'a place given back twice is one place')
})

test('one address has a maximum of its own; the /64 of an IPv6 subscriber is one address', () => {
  const { admit } = anAdmission({ connectionsPerAddress: 1 })
  admit('2001:db8:1:2::1')
  admit('192.0.2.1')

  assert.ok(!isIn(admit('2001:db8:1:2:ffff::9')))
  assert.ok(!isIn(admit('::ffff:192.0.2.1')))
  assert.ok(isIn(admit('2001:db8:1:3::1')))
  assert.ok(isIn(admit('192.0.2.2')))
})

test('new connections have a rate', async () => {
  const { admit, clock } = anAdmission({ handshakesPerSecond: 2 })

  const atOnce = [admit(), admit(), admit()].map(isIn)
  await clock.advance(500)

  assert.deepEqual(atOnce, [true, true, false])
  assert.ok(isIn(admit()))
})

test('only so many handshakes are underway at once: in one turn of the event loop', async () => {
  const { admit, clock } = anAdmission({ handshakesAtOnce: 2 })

  const atOnce = [admit(), admit(), admit()].map(isIn)
  await clock.advance(0)

  assert.deepEqual(atOnce, [true, true, false])
  assert.ok(isIn(admit()))
})

test('a refused client takes nothing from the rate', () => {
  const { admit } = anAdmission({ handshakesPerSecond: 2, connectionsPerAddress: 1 })
  admit()

  for (let i = 0; i < 10; i++) admit()

  assert.ok(isIn(admit('192.0.2.2')))
})
