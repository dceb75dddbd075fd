import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { type Nameable, namesOf } from './names.ts'

const nameable = (type: string, address: string, name?: string): Nameable => ({
  name,
  type,
  identities: [address, `GET ${address}`],
})

test('a name is the configured one, else the type', () => {
  assert.deepEqual(namesOf([nameable('Log In', 'a'), nameable('api', 'b', 'Real Time')]), [
    'log-in',
    'real-time',
  ])
})

test('those that would share a type all carry a hash of their address', () => {
  const names = namesOf([nameable('api', 'a'), nameable('api', 'b'), nameable('login', 'c')])

  assert.equal(names[0], 'api-ca9781')
  assert.equal(names[1], 'api-3e23e8')
  assert.equal(names[2], 'login')
})

test('a configured name is never taken by a type', () => {
  const [derived, configured] = namesOf([nameable('login', 'a'), nameable('x', 'b', 'login')])

  assert.equal(configured, 'login')
  assert.equal(derived, 'login-ca9781')
})

test('names do not depend on the order, and differ wherever something tells endpoints apart', () => {
  const endpoint = fc.record({
    name: fc.constant(undefined),
    type: fc.constantFrom('api', 'API', 'login'),
    identities: fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y', 'z')),
  })
  const key = (one: Nameable) => JSON.stringify([one.type.toLowerCase(), one.identities])
  const distinct = fc.uniqueArray(endpoint, { selector: key, maxLength: 8 })
  fc.assert(
    fc.property(distinct, (endpoints) => {
      const forward = namesOf(endpoints)
      const backward = namesOf(endpoints.toReversed()).toReversed()

      assert.deepEqual(forward, backward)
    }),
  )
})
