import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { httpSide, httpsSide } from '../../test/support/far-side.ts'
import { createAuthority } from '../../test/support/far-side-certificates.ts'
import { endpointAt, startProber } from '../../test/support/far-side-endpoint.ts'
import type { Expect } from '../config/config.ts'

const DAY = 86_400_000

test('headers, content type and elements of a real answer are looked at', async () => {
  const soap =
    '<?xml version="1.0"?><s:Envelope xmlns:s="urn:s"><s:Body><Status>OK</Status></s:Body></s:Envelope>'
  await using side = await httpSide((_, response) => {
    response.setHeader('Content-Type', 'text/xml; charset=utf-8')
    response.setHeader('X-State', ['ready', 'steady'])
    response.end(soap)
  })
  await using prober = startProber()
  const expect: Expect = {
    contentType: ['text/xml'],
    headers: [
      ['x-state', { matches: '^ready, ' }],
      ['set-cookie', { exists: false }],
    ],
    xml: [['Envelope/Body/Status', 'OK']],
  }

  const result = await prober.ask(endpointAt(side.origin, { expect }))

  assert.deepEqual([result.verdict, result.evidence], ['up', 'L2'])
})

test('a certificate that ends soon degrades, also on a connection that was open', async () => {
  const authority = createAuthority()
  const certificate = authority.issue({ until: Date.now() + 10.5 * DAY })
  await using side = await httpsSide(certificate, (_, response) => response.end())
  await using prober = startProber({ tls: { ca: authority.cert } })
  const expect: Expect = { certificateDays: 7, degrade: { certificateDays: 21 } }

  const results = [
    await prober.ask(endpointAt(side.origin, { expect })),
    await prober.ask(endpointAt(side.origin, { expect })),
  ]

  assert.equal(results[1]?.connectionReused, true)
  for (const { verdict, failure, codes } of results) {
    assert.deepEqual([verdict, codes], ['degraded', ['HTTP:200', 'expect.certificate_days']])
    assert.deepEqual(failure, {
      kind: 'tls_cert',
      message: 'expected a certificate valid for at least 21 days more, got 10 days',
    })
  }
})

test('a slow first byte is told with the time it took', async () => {
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<ServerResponse>()
  await using side = await httpSide((_, response) => onAsked(response))
  const clock = new FakeClock()
  await using prober = startProber({ clock })

  const asking = prober.ask(endpointAt(side.origin, { expect: { latency: [['firstByte', 10]] } }))
  const response = await asked
  await clock.advance(30)
  response.end()
  const { verdict, failure } = await asking

  assert.equal(verdict, 'down')
  assert.equal(failure?.message, 'expected the first byte within 10 ms, got 30 ms')
})
