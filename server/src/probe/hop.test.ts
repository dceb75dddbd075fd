import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpointAt, headersOf } from '../../test/support/far-side-endpoint.ts'
import { Secret } from '../lib/secret.ts'
import {
  carriesCredentials,
  firstHop,
  isSafe,
  headersOf as sentHeaders,
  serverName,
  socketHost,
} from './hop.ts'

test('the host of an address is what sockets and certificates know it by', () => {
  const cases = [
    ['https://[2606:4700::1111]:8443/', '2606:4700::1111', ''],
    ['https://8.8.8.8/', '8.8.8.8', ''],
    ['https://Portal.Example.:443/', 'portal.example.', 'portal.example'],
    ['https://bücher.example/', 'xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ]

  for (const [url = '', host, name] of cases) {
    assert.equal(socketHost(new URL(url)), host)
    assert.equal(serverName(new URL(url)), name)
  }
})

test('a configured header replaces one of ours, whatever its case', () => {
  const hop = firstHop(
    endpointAt('http://a.example:81/', { headers: headersOf({ 'USER-agent': 'me' }) }),
  )

  const headers = sentHeaders(hop, 'us/1.0')

  assert.equal(headers['user-agent'], 'me')
  assert.equal(headers.host, 'a.example:81')
})

test('a header that frames the message is never taken from the configuration', () => {
  const names = [
    'Transfer-Encoding',
    'content-length',
    'Connection',
    'Expect',
    'Upgrade',
    'Accept-Encoding',
  ]
  const headers = headersOf(Object.fromEntries(names.map((name) => [name, 'CANARY'])))

  const hop = firstHop(endpointAt('http://a.example/', { headers, body: new Secret('€') }))

  assert.ok(!JSON.stringify(sentHeaders(hop, 'us/1.0')).includes('CANARY'))
  assert.equal(sentHeaders(hop, 'us/1.0')['content-length'], '3')
})

test('a configured Authorization wins over the user in the address', () => {
  const headers = headersOf({ authorization: 'Bearer x' })

  const hop = firstHop(endpointAt('http://user:pw@a.example/', { headers }))

  assert.deepEqual(hop.headers, [['authorization', 'Bearer x']])
})

test('a stray percent sign in a password means itself', () => {
  const hop = firstHop(endpointAt('http://user:100%@a.example/'))

  assert.deepEqual(hop.headers, [
    ['Authorization', `Basic ${Buffer.from('user:100%').toString('base64')}`],
  ])
})

test('every header that is not known to be harmless may be a credential', () => {
  const carries = (headers: Record<string, string>) =>
    carriesCredentials(firstHop(endpointAt('http://a.example/', { headers: headersOf(headers) })))

  assert.equal(carries({ Accept: 'a', 'Content-Type': 'b', 'user-agent': 'c', Host: 'd' }), false)
  for (const name of ['Authorization', 'Cookie', 'X-Api-Key', 'Ocp-Apim-Subscription-Key'])
    assert.equal(carries({ [name]: 'x' }), true, name)
})

test('only methods that change nothing are safe', () => {
  const safe = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) =>
    isSafe(firstHop(endpointAt('http://a.example/', { method }))),
  )

  assert.deepEqual(safe, ['GET', 'HEAD', 'OPTIONS'])
})
