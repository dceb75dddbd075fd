import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { addressKey } from './address.ts'

for (const [remote, key] of [
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::1', '0:0:0:0::/64'],
  ['2001:DB8::7', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
  ['', ''],
])
  test(`the address ${remote || '(none)'} counts as ${key || '(none)'}`, () => {
    assert.equal(addressKey(remote ?? ''), key)
  })

test('every spelling of an IPv6 address counts as the same /64', async () => {
  await fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const plain = new URL(`http://[${address}]/`).hostname.slice(1, -1)
      if (/^::ffff:/.test(plain)) return
      assert.equal(addressKey(address), addressKey(plain))
    }),
  )
})
