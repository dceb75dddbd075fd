import assert from 'node:assert/strict'
import type { IncomingHttpHeaders, RequestListener } from 'node:http'
import { test } from 'node:test'
import { closedPort, httpSide, httpsSide } from '../../test/support/far-side.ts'
import { createAuthority } from '../../test/support/far-side-certificates.ts'
import { endpointAt, headersOf, startProber } from '../../test/support/far-side-endpoint.ts'
import { Secret } from '../lib/secret.ts'

test('redirects are followed to the last page, and their phases added up', async () => {
  await using side = await httpSide((request, response) => {
    const step = Number(request.url?.slice(1))
    if (step === 5) response.end('Sign in')
    else response.writeHead(302, { Location: `/${step + 1}` }).end('moved')
  })
  await using prober = startProber()

  const result = await prober.ask(endpointAt(`${side.origin}/0`, { expect: { body: 'Sign in' } }))

  assert.deepEqual([result.verdict, result.evidence, result.statusCode], ['up', 'L2', 200])
  assert.equal(result.bytes, 7)
  assert.equal(result.connectionReused, false)
  assert.equal(side.connections, 1)
})

test('the sixth redirect is one too many', async () => {
  let requests = 0
  await using side = await httpSide(redirect(() => `/again/${++requests}`))
  await using prober = startProber()

  const result = await prober.ask(endpointAt(side.origin))

  assert.deepEqual(result.codes, ['redirect.too_many'])
  assert.deepEqual(result.failure, { kind: 'redirect', message: 'redirected more than 5 times' })
  assert.deepEqual([result.verdict, result.attribution], ['down', 'payer'])
  assert.deepEqual([result.statusCode, result.progress], [302, 'answered'])
  assert.equal(requests, 6)
})

test('a redirect from https to http is not followed', async () => {
  const authority = createAuthority()
  await using plain = await httpSide((_, response) => response.end())
  await using side = await httpsSide(
    authority.issue(),
    redirect(() => plain.origin),
  )
  await using prober = startProber({ tls: { ca: authority.cert } })

  const result = await prober.ask(endpointAt(side.origin))

  assert.deepEqual(result.failure, { kind: 'redirect', message: 'redirected from https to http' })
  assert.equal(plain.connections, 0)
  assert.equal(result.tls?.verified, true)
})

test('credentials never travel to another origin, and a POST becomes a GET', async () => {
  let seen: { method: string | undefined; headers: IncomingHttpHeaders } | undefined
  await using away = await httpSide((request, response) => {
    seen = { method: request.method, headers: request.headers }
    response.end()
  })
  await using side = await httpSide(redirect(() => `${away.origin}/login`))
  await using prober = startProber()
  const headers = headersOf({
    Authorization: 'Bearer CANARY',
    Cookie: 'CANARY',
    'X-Api-Key': 'CANARY',
    Host: 'CANARY.example',
    'Content-Type': 'application/json',
    Accept: 'text/html',
  })

  const result = await prober.ask(
    endpointAt(side.origin, { method: 'POST', body: new Secret('CANARY'), headers }),
  )

  assert.equal(result.verdict, 'up')
  assert.equal(seen?.method, 'GET')
  assert.equal(seen?.headers.accept, 'text/html')
  assert.equal(seen?.headers.host, `127.0.0.1:${away.port}`)
  assert.ok(!JSON.stringify(seen).includes('CANARY'))
  assert.equal(seen?.headers['content-type'], undefined)
})

test('a 307 repeats the POST at the same origin only', async () => {
  const bodies: string[] = []
  await using away = await httpSide((_, response) => response.end())
  await using side = await httpSide(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    bodies.push(body)
    const to = { '/': '/again', '/again': '/done', '/away': away.origin }[request.url ?? '']
    if (to === undefined) response.end()
    else response.writeHead(307, { Location: to }).end()
  })
  await using prober = startProber()
  const posting = { method: 'POST', body: new Secret('hello') }

  const same = await prober.ask(endpointAt(side.origin, posting))
  const other = await prober.ask(endpointAt(`${side.origin}/away`, posting))

  assert.equal(same.verdict, 'up')
  assert.deepEqual(bodies, ['hello', 'hello', 'hello', 'hello'])
  assert.deepEqual(other.codes, ['redirect.cross_origin'])
  assert.equal(away.connections, 0)
})

test('a redirect that is what the configuration waits for is not followed', async () => {
  await using side = await httpSide(redirect(() => 'http://nowhere.invalid/'))
  await using prober = startProber()

  const result = await prober.ask(endpointAt(side.origin, { expect: { status: [[302, 302]] } }))

  assert.deepEqual([result.verdict, result.statusCode], ['up', 302])
})

test('a redirect to a host that refuses counts as answered, without a status', async () => {
  const port = await closedPort()
  await using side = await httpSide(redirect(() => `http://127.0.0.1:${port}/`))
  await using prober = startProber()

  const result = await prober.ask(endpointAt(side.origin))

  assert.deepEqual(result.codes, ['connect.refused'])
  assert.deepEqual([result.progress, result.statusCode], ['answered', null])
})

test('a 401 without credentials is the edge, with them it is ours to mend', async () => {
  await using side = await httpSide((_, response) => response.writeHead(401).end())
  await using prober = startProber()
  const headers = headersOf({ Authorization: 'Bearer old' })
  const harmless = headersOf({ Accept: 'application/json', 'User-Agent': 'me' })

  const anonymous = await prober.ask(endpointAt(side.origin, { headers: harmless }))
  const credentialed = await prober.ask(endpointAt(side.origin, { headers }))
  const expected = await prober.ask(endpointAt(side.origin, { expect: { status: [[401, 401]] } }))

  assert.deepEqual([anonymous.verdict, anonymous.failure?.kind], ['edge_up', 'auth'])
  assert.deepEqual(
    [credentialed.verdict, credentialed.attribution],
    ['probe_misconfigured', 'probe'],
  )
  assert.equal(expected.verdict, 'up')
})

function redirect(to: () => string): RequestListener {
  return (_, response) => {
    response.writeHead(302, { Location: to() }).end()
  }
}
