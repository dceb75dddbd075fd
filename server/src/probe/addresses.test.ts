import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkAddresses, isPublicAddress } from './addresses.ts'

test('addresses that the Internet routes are public', () => {
  const addresses = ['1.1.1.1', '8.8.8.8', '100.63.255.255', '172.32.0.1', '2606:4700:4700::1111']

  for (const address of addresses) assert.equal(isPublicAddress(address), true, address)
})

test('every special-purpose range is refused at its first and last address', () => {
  const ranges = [
    ['0.0.0.0', '0.255.255.255'],
    ['10.0.0.0', '10.255.255.255'],
    ['100.64.0.0', '100.127.255.255'],
    ['127.0.0.0', '127.255.255.255'],
    ['169.254.0.0', '169.254.169.254'],
    ['172.16.0.0', '172.31.255.255'],
    ['192.0.0.0', '192.0.2.255'],
    ['192.168.0.0', '192.168.255.255'],
    ['198.18.0.0', '198.19.255.255'],
    ['198.51.100.0', '203.0.113.255'],
    ['224.0.0.0', '239.255.255.255'],
    ['240.0.0.0', '255.255.255.255'],
    ['::', '::1'],
    ['64:ff9b::', '64:ff9b::8.8.8.8'],
    ['64:ff9b:1::', '100::'],
    ['2001::', '2001:1ff:ffff::'],
    ['2001:db8::', '2001:db8:ffff::'],
    ['2002::', '2002:7f00:1::'],
    ['3fff::', '3fff:fff::'],
    ['fc00::', 'fdff::1'],
    ['fe80::1', 'febf::1'],
    ['ff00::', 'ff02::1'],
  ]

  for (const address of ranges.flat()) assert.equal(isPublicAddress(address), false, address)
})

test('an IPv4 address in the disguise of IPv6 is never public', () => {
  fc.assert(
    fc.property(fc.ipV4(), (ip) => {
      assert.equal(isPublicAddress(`::ffff:${ip}`), false)
      assert.equal(isPublicAddress(`::${ip}`), false)
      assert.equal(isPublicAddress(`64:ff9b::${ip}`), false)
    }),
  )
})

test('what is no address, or names an interface, is not public', () => {
  for (const text of [
    '',
    'localhost',
    '1.1.1',
    '1.1.1.1:80',
    '[::1]',
    '2606:4700::1%eth0',
    '０.0.0.0',
  ])
    assert.equal(isPublicAddress(text), false, text)
})

test('any text whatever is judged without an exception', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => isPublicAddress(text) === false),
  )
})

test('one address that is not public is enough to refuse a public endpoint', () => {
  assert.throws(() => checkAddresses('public', ['8.8.8.8', '10.0.0.1']), {
    code: 'address.refused',
  })
  checkAddresses('public', ['8.8.8.8', '1.1.1.1'])
})

test('a private endpoint may go anywhere', () => {
  checkAddresses('private', ['127.0.0.1', '169.254.169.254', '::1', '8.8.8.8'])
})
