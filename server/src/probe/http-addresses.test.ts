import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { test } from 'node:test'
import { httpSide } from '../../test/support/far-side.ts'
import { endpointAt, startProber } from '../../test/support/far-side-endpoint.ts'
import type { Endpoint } from '../config/config.ts'
import type { Network } from '../config/schema.ts'

const LOOPBACK: LookupAddress = { address: '127.0.0.1', family: 4 }

test('a public endpoint never reaches loopback, however its address is written', async () => {
  await using side = await httpSide((_, response) => response.end())
  await using prober = startProber()
  const hosts = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '１２７.0.0.1',
    '0.0.0.0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    'localhost',
  ]

  for (const host of hosts) {
    const url = `http://${host}:${side.port}/`
    const result = await prober.ask(endpointAt(url, { network: 'public' }))

    assert.deepEqual(result.codes, ['address.refused'], host)
    assert.deepEqual(result.failure?.kind, 'address_refused')
    assert.deepEqual([result.verdict, result.attribution], ['probe_misconfigured', 'probe'])
    assert.deepEqual([result.progress, result.evidence], ['unsent', null])
  }
  assert.equal(side.connections, 0)
})

test('one private address among public ones is enough to refuse a name', async () => {
  await using side = await httpSide((_, response) => response.end())
  const answers: LookupAddress[][] = [
    [LOOPBACK, { address: '8.8.8.8', family: 4 }],
    [{ address: '8.8.8.8', family: 4 }, LOOPBACK],
    [
      { address: '2606:4700::1111', family: 6 },
      { address: '::1', family: 6 },
    ],
    [{ address: '169.254.169.254', family: 4 }],
  ]

  for (const addresses of answers) {
    await using prober = startProber({ resolve: async () => addresses })
    const url = `http://portal.example:${side.port}/`
    const result = await prober.ask(endpointAt(url, { network: 'public' }))

    assert.deepEqual(result.codes, ['address.refused'])
    assert.equal(result.progress, 'unsent')
  }
  assert.equal(side.connections, 0)
})

test('an answer that was remembered is checked again for each endpoint', async () => {
  await using side = await httpSide((_, response) => response.end())
  await using prober = startProber({ resolve: async () => [LOOPBACK] })
  const url = `http://portal.example:${side.port}/`

  const inside = await prober.ask(endpointAt(url, { network: 'private' }))
  const outside = await prober.ask(endpointAt(url, { network: 'public' }))

  assert.equal(inside.verdict, 'up')
  assert.deepEqual(outside.codes, ['address.refused'])
})

test('a redirect to a private address is refused on a public network', async () => {
  await using inner = await httpSide((_, response) => response.end('metadata'))
  const hosts = ['127.0.0.1', '[::ffff:127.0.0.1]', 'inside.example']

  for (const host of hosts) {
    const changing = networkThatChanges()
    await using side = await httpSide((_, response) => {
      changing.toPublic()
      response.writeHead(302, { Location: `http://${host}:${inner.port}/` }).end()
    })
    await using prober = startProber({ resolve: async () => [LOOPBACK] })
    const result = await prober.ask(changing.of(endpointAt(side.origin)))

    assert.deepEqual(result.codes, ['address.refused'], host)
    assert.deepEqual([result.verdict, result.progress], ['probe_misconfigured', 'answered'])
  }
  assert.equal(inner.connections, 0)
})

test('the address that was reached is checked once more before anything is sent', async () => {
  let requests = 0
  const changing = networkThatChanges()
  await using side = await httpSide(() => requests++)
  await using prober = startProber({
    resolve: async () => {
      setImmediate(changing.toPublic) // after the check of the answer, before the connection is made
      return [LOOPBACK]
    },
  })

  const url = `http://portal.example:${side.port}/`
  const result = await prober.ask(changing.of(endpointAt(url)))

  assert.deepEqual(result.codes, ['address.refused'])
  assert.equal(requests, 0)
})

test('a name that does not exist is down, before any connection', async () => {
  await using prober = startProber({
    resolve: async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND gone.example'), { code: 'ENOTFOUND' })
    },
  })

  const result = await prober.ask(endpointAt('https://gone.example/'))

  assert.deepEqual(result.codes, ['dns.nxdomain'])
  assert.deepEqual(result.failure, { kind: 'dns', message: 'the host name does not exist' })
  assert.deepEqual([result.verdict, result.progress], ['down', 'nothing'])
})

test('a host with several addresses is reached by the one that works', async () => {
  await using side = await httpSide((_, response) => response.end())
  await using prober = startProber({
    resolve: async () => [
      { address: '::1', family: 6 },
      { address: '127.0.0.2', family: 4 },
      LOOPBACK,
    ],
  })

  const result = await prober.ask(endpointAt(`http://portal.example:${side.port}/`))

  assert.equal(result.verdict, 'up')
})

test('a host that refuses at every address is said to refuse', async () => {
  await using side = await httpSide((_, response) => response.end())
  await using prober = startProber({
    resolve: async () => [
      { address: '::1', family: 6 },
      { address: '127.0.0.2', family: 4 },
    ],
  })

  const result = await prober.ask(endpointAt(`http://portal.example:${side.port}/`))

  assert.deepEqual(result.codes, ['connect.refused'])
})

/** A network that is private until it is told otherwise: on loopback alone, no first hop could be public. */
function networkThatChanges() {
  let network: Network = 'private'
  return {
    toPublic: () => {
      network = 'public'
    },
    of: (endpoint: Endpoint): Endpoint => ({
      ...endpoint,
      get network() {
        return network
      },
    }),
  }
}
