import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { type FarSide, httpSide, rawSide, until } from '../../test/support/far-side.ts'
import { endpointAt, startProber } from '../../test/support/far-side-endpoint.ts'
import { clientOf, tokenSide } from '../../test/support/token-side.ts'
import { Secret } from '../lib/secret.ts'

const MINUTE = 60_000

test('a probe is asked with a token, which is kept for the next and for other endpoints', async () => {
  await using server = await tokenSide()
  await using side = await echoSide()
  await using prober = startProber()
  const oauth2 = clientOf(server.origin)
  const endpoint = endpointAt(side.origin, { oauth2, expect: { body: 'Bearer t0' } })

  const first = await prober.ask(endpoint)
  const second = await prober.ask({ ...endpoint, id: 'aetna/other' })

  assert.deepEqual([first.verdict, second.verdict], ['up', 'up'])
  assert.equal(server.asked.length, 1)
  assert.ok(first.phases.tokenMs !== undefined && first.phases.tokenMs > 0)
  assert.ok(!('tokenMs' in second.phases))
})

test('the wait for a token is in no other time', async () => {
  const clock = new FakeClock()
  await using server = await rawSide((socket) => {
    socket.once('data', async () => {
      await clock.advance(4_000)
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"access_token":"t"}')
    })
  })
  await using side = await echoSide()
  await using prober = startProber({ clock })

  const result = await prober.ask(
    endpointAt(side.origin, { oauth2: clientOf(server.origin), degradeOver: 3_000 }),
  )

  assert.deepEqual([result.verdict, result.phases.tokenMs, result.latencyMs], ['up', 4_000, 0])
})

test('client and secret go as a Basic header, form-encoded, or in the body', async () => {
  await using server = await tokenSide()
  await using side = await echoSide()
  await using prober = startProber()
  const odd = { clientId: new Secret('a b:c'), clientSecret: new Secret('é&=') }
  const more = { scope: 'x/y.read z', audience: 'https://aud.example' }

  await prober.ask(endpointAt(side.origin, { oauth2: clientOf(server.origin, odd) }))
  const inBody = clientOf(server.origin, { ...odd, ...more, authStyle: 'body' })
  await prober.ask(endpointAt(side.origin, { oauth2: inBody }))

  const [basic, body] = server.asked
  const pair = Buffer.from('a+b%3Ac:%C3%A9%26%3D').toString('base64')
  assert.equal(basic?.authorization, `Basic ${pair}`)
  assert.equal(basic?.form.toString(), 'grant_type=client_credentials')
  assert.equal(body?.authorization, undefined)
  assert.deepEqual(Object.fromEntries(body?.form ?? []), {
    grant_type: 'client_credentials',
    scope: more.scope,
    audience: more.audience,
    client_id: 'a b:c',
    client_secret: 'é&=',
  })
})

test('many probes at once ask for one token once; another scope is another token', async () => {
  await using server = await tokenSide()
  await using side = await echoSide()
  await using prober = startProber()
  const endpoint = endpointAt(side.origin, { oauth2: clientOf(server.origin) })
  const scoped = endpointAt(side.origin, { oauth2: clientOf(server.origin, { scope: 'a' }) })

  const results = await Promise.all(
    [...Array(20)].flatMap(() => [prober.ask(endpoint), prober.ask(scoped)]),
  )

  assert.ok(results.every(({ verdict }) => verdict === 'up'))
  assert.equal(server.asked.length, 2)
})

test('a token is renewed before it ends, and no probe waits for that', async () => {
  const clock = new FakeClock()
  await using server = await tokenSide()
  await using side = await echoSide()
  await using prober = startProber({ clock })
  const endpoint = endpointAt(side.origin, { oauth2: clientOf(server.origin) })
  const askFor = (token: string) => prober.ask({ ...endpoint, expect: { body: `Bearer ${token}` } })

  const verdicts = [await askFor('t0')]
  await clock.advance(58 * MINUTE)
  verdicts.push(await askFor('t0'))
  assert.equal(server.asked.length, 1)
  await clock.advance(1.5 * MINUTE)
  const during = await askFor('t0')
  await until(() => server.asked.length === 2)
  await until(() => server.open === 0)
  const after = await askFor('t1')

  assert.deepEqual(
    [...verdicts, during, after].map(({ verdict }) => verdict),
    Array(4).fill('up'),
  )
  assert.ok(!('tokenMs' in during.phases) && !('tokenMs' in after.phases))
})

test('a kept token that is refused is replaced once, without a word', async () => {
  const clock = new FakeClock()
  let good = 't0'
  await using server = await tokenSide()
  await using side = await guardedSide(() => good)
  await using prober = startProber({ clock })
  const endpoint = endpointAt(side.origin, { oauth2: clientOf(server.origin) })
  await prober.ask(endpoint)
  await clock.advance(10 * MINUTE)
  good = 't1'

  const result = await prober.ask(endpoint)

  assert.deepEqual([result.verdict, result.codes, result.attempts], ['up', ['HTTP:200'], 1])
  assert.ok(result.phases.tokenMs !== undefined)
  assert.equal(server.asked.length, 2)
})

test('a token that is refused when new is not to blame: our rights are', async () => {
  const clock = new FakeClock()
  await using server = await tokenSide()
  await using side = await guardedSide(() => 'never')
  await using prober = startProber({ clock })
  const endpoint = endpointAt(side.origin, { oauth2: clientOf(server.origin) })

  const first = await prober.ask(endpoint)
  const second = await prober.ask(endpoint)
  await clock.advance(10 * MINUTE)
  const third = await prober.ask(endpoint)

  for (const { verdict, attribution, codes, failure } of [first, second, third]) {
    assert.deepEqual([verdict, attribution, codes], ['probe_misconfigured', 'probe', ['HTTP:401']])
    assert.equal(failure?.kind, 'auth')
  }
  assert.equal(server.asked.length, 2)
})

test('a 401 that is expected leaves the token alone', async () => {
  const clock = new FakeClock()
  await using server = await tokenSide()
  await using side = await guardedSide(() => 'never')
  await using prober = startProber({ clock })
  const oauth2 = clientOf(server.origin)
  const endpoint = endpointAt(side.origin, { oauth2, expect: { status: [[401, 401]] } })
  await prober.ask(endpoint)
  await clock.advance(10 * MINUTE)

  const result = await prober.ask(endpoint)

  assert.deepEqual([result.verdict, server.asked.length], ['up', 1])
})

test('a token does not travel to another origin', async () => {
  await using server = await tokenSide()
  await using other = await echoSide()
  await using side = await httpSide((request, response) => {
    const isThere = request.headers.authorization === 'Bearer t0'
    response.writeHead(isThere ? 302 : 500, { Location: `${other.origin}/` }).end()
  })
  await using prober = startProber()

  const result = await prober.ask(
    endpointAt(side.origin, { oauth2: clientOf(server.origin), expect: { body: 'none' } }),
  )

  assert.equal(result.verdict, 'up')
})

/** Answers with the proof it was sent. */
function echoSide(): Promise<FarSide> {
  return httpSide((request, response) => response.end(request.headers.authorization ?? 'none'))
}

/** Takes one token only. */
function guardedSide(good: () => string): Promise<FarSide> {
  const onRequest: RequestListener = (request, response) => {
    response.writeHead(request.headers.authorization === `Bearer ${good()}` ? 200 : 401).end()
  }
  return httpSide(onRequest)
}
