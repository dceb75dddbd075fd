import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { closedPort, type FarSide, httpSide, rawSide, until } from '../../test/support/far-side.ts'
import { endpointAt, startProber } from '../../test/support/far-side-endpoint.ts'
import { clientOf, grant, tokenSide } from '../../test/support/token-side.ts'

const MINUTE = 60_000

test('a token server is not asked again at once after it failed, and ever later', async () => {
  const clock = new FakeClock()
  let broken = true
  await using server = await tokenSide((response, i) =>
    broken ? grant(response, '', 503) : grant(response, { access_token: `t${i}` }),
  )
  await using side = await echoSide()
  await using prober = startProber({ clock })
  const endpoint = endpointAt(side.origin, { oauth2: clientOf(server.origin) })
  const asked: number[] = []
  for (const pause of [0, 9_000, 1_000, 19_000, 1_000]) {
    await clock.advance(pause)
    const { codes } = await prober.ask(endpoint)
    assert.deepEqual(codes, ['token.failed'])
    asked.push(server.asked.length)
  }
  broken = false
  await clock.advance(5 * MINUTE)

  const result = await prober.ask(endpoint)

  assert.deepEqual(asked, [1, 1, 2, 2, 3])
  assert.equal(result.verdict, 'up')
  assert.equal(side.connections, 1)
})

test('a closed token server says that it is not the payer', async () => {
  await using side = await echoSide()
  await using prober = startProber()
  const oauth2 = clientOf(`http://127.0.0.1:${await closedPort()}`)

  const result = await prober.ask(endpointAt(side.origin, { oauth2 }))

  assert.deepEqual(result.codes, ['token.unreachable'])
  assert.deepEqual(
    [result.verdict, result.attribution, result.progress],
    ['unknown', 'unknown', 'unsent'],
  )
  assert.deepEqual(result.failure, { kind: 'auth', message: 'no token: connection refused' })
  assert.equal(side.connections, 0)
})

test('the token server of a public endpoint must be public too', async () => {
  await using server = await tokenSide()
  await using prober = startProber()
  const oauth2 = clientOf(server.origin)

  const result = await prober.ask(endpointAt('http://192.0.2.1/', { network: 'public', oauth2 }))

  assert.deepEqual([result.codes, result.verdict], [['address.refused'], 'probe_misconfigured'])
  assert.match(result.failure?.message ?? '', /token server/)
  assert.equal(server.connections, 0)
})

test('a token server that stalls costs a probe its time, not its payer', async () => {
  const clock = new FakeClock()
  await using server = await rawSide(() => {})
  await using side = await echoSide()
  await using prober = startProber({ clock })
  const asking = prober.ask(endpointAt(side.origin, { oauth2: clientOf(server.origin) }))
  await until(() => server.connections === 1)
  await clock.advance(20_000)

  const result = await asking

  assert.deepEqual([result.codes, result.verdict], [['token.unreachable'], 'unknown'])
  assert.equal(result.phases.tokenMs, 10_000)
})

test('closing the prober ends what waits for a token', async () => {
  await using server = await rawSide((socket) => socket.resume())
  await using side = await echoSide()
  const prober = startProber()
  const asking = prober.ask(endpointAt(side.origin, { oauth2: clientOf(server.origin) }))
  await until(() => server.connections === 1)

  await prober[Symbol.asyncDispose]()

  assert.deepEqual((await asking).codes, ['probe.stopped'])
  await until(() => server.open === 0)
})

/** Answers with the proof it was sent. */
function echoSide(): Promise<FarSide> {
  return httpSide((request, response) => response.end(request.headers.authorization ?? 'none'))
}
