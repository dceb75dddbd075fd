import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { packSecrets, Secret, unpackSecrets } from './secret.ts'

test('a secret shows itself in no way but one', () => {
  const secret = new Secret('hunter2')
  const shown = [
    String(secret),
    `${secret}`,
    `a${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }),
    Object.values(secret).join(),
  ]

  assert.ok(!shown.join().includes('hunter2'))
  assert.equal(secret.reveal(), 'hunter2')
})

test('secrets survive the way to another thread, wherever they are', () => {
  const value = {
    url: new Secret('a'),
    headers: [['x', new Secret('b')]],
    plain: { n: 1, none: null, list: [true] },
  }

  const there = unpackSecrets(structuredClone(packSecrets(value))) as typeof value

  assert.equal(there.url.reveal(), 'a')
  assert.equal((there.headers[0]![1] as Secret).reveal(), 'b')
  assert.deepEqual(there.plain, value.plain)
})
