import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEndpoint } from '../../test/support/builders.ts'
import type { Config, Endpoint } from '../config/config.ts'
import { inWords, leastTime } from './check-time.ts'

const probing = { hostConcurrency: 1, budgets: { host: {}, payer: {} } }
const config = { probing } as Config // safe: no more of it is read

const endpoints = (count: number, parts: Partial<Endpoint>) =>
  Array.from({ length: count }, (_, i) => anEndpoint({ id: `aetna/${i}`, ...parts }))

test('many endpoints of one public host take long, and it is said how long and why', () => {
  const own = endpoints(33, { network: 'public', host: 'aetna.example:8443', payer: 'aetna' })

  const text = leastTime(config, own)

  assert.equal(
    text,
    'this takes at least 2 min 30 s: 33 endpoints of host aetna.example are asked 12 a minute',
  )
})

test('nothing is said of what is quick: few endpoints, private ones, those that nobody asks', () => {
  const few = endpoints(4, { network: 'public', host: 'a.example' })
  const internal = endpoints(500, { network: 'private' })
  const unasked = endpoints(50, { network: 'public', notProbeable: 'it is not there yet' })

  for (const own of [few, internal, unasked, []]) assert.equal(leastTime(config, own), undefined)
})

test('a budget that is set holds in private networks too', () => {
  const budgets = { host: {}, payer: { perMinute: 30 } }
  const tight = { probing: { ...probing, budgets } } as Config // safe: no more of it is read

  const text = leastTime(tight, endpoints(40, { network: 'private', payer: 'aetna' }))

  assert.equal(
    text,
    'this takes at least 1 min 5 s: 40 endpoints of payer aetna are asked 30 a minute',
  )
})

test('times are told in at most two units, and never less than they are', () => {
  const said = [0, 9_001, 60_000, 150_000, 3_600_000, 3_600_001, 86_399_000].map(inWords)

  assert.deepEqual(said, ['0 s', '10 s', '1 min', '2 min 30 s', '1 h', '1 h 1 min', '24 h'])
})
