import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { closedPort, httpSide, httpsSide, rawSide } from '../../test/support/far-side.ts'
import { selfSigned } from '../../test/support/far-side-certificates.ts'
import { endpointAt, startProber } from '../../test/support/far-side-endpoint.ts'
import type { Endpoint, Retry } from '../config/config.ts'

const retry: Retry = {
  attempts: 3,
  delay: 10,
  maxDelay: 10,
  degradeAfterRetry: false,
  anyMethod: false,
}
type Answer = (response: ServerResponse) => void
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end()
const cut: Answer = (response) => {
  response.writeHead(200, { 'Content-Length': 10 }).write('12345', () => response.destroy())
}
const again = { 'Retry-After': '1' }

type Row = [what: string, answers: Answer[], attempts: number, verdict: string]

const ROWS: Row[] = [
  ['503 and then an answer', [status(503), status(200)], 2, 'up'],
  ['502, 504 and then an answer', [status(502), status(504), status(200)], 3, 'up'],
  ['503 for ever', [status(503)], 3, 'down'],
  ['429 and then an answer', [status(429), status(200)], 2, 'up'],
  ['an answer that is cut off once', [cut, status(200)], 2, 'up'],
  ['503 that names its time', [status(503, again)], 1, 'maintenance'],
  ['429 that names its time', [status(429, again)], 1, 'degraded'],
  ['500', [status(500)], 1, 'down'],
  ['404', [status(404)], 1, 'down'],
  ['401', [status(401)], 1, 'edge_up'],
  ['408', [status(408)], 1, 'degraded'],
  ['a redirect to nowhere', [status(302, { Location: 'mailto:a@b.example' })], 1, 'down'],
]

for (const [what, answers, attempts, verdict] of ROWS)
  test(`of ${what} a probe comes to an end at attempt ${attempts}`, async () => {
    const { result, asked } = await probed(answers, { retry })

    assert.deepEqual([result.attempts, result.verdict], [attempts, verdict])
    assert.equal(asked, attempts)
  })

const METHODS: [method: string, changed: Partial<Retry>, attempts: number][] = [
  ['GET', {}, 2],
  ['HEAD', {}, 2],
  ['OPTIONS', {}, 2],
  ['POST', {}, 1],
  ['DELETE', {}, 1],
  ['POST', { anyMethod: true }, 2],
]

for (const [method, changed, attempts] of METHODS)
  test(`a ${method} that fails is sent ${attempts} times with ${JSON.stringify(changed)}`, async () => {
    const { asked } = await probed([status(503), status(200)], {
      method,
      retry: { ...retry, ...changed },
    })

    assert.equal(asked, attempts)
  })

test('what was expected, or came and was wrong, is not asked for again', async () => {
  const expected = await probed([status(503)], { retry, expect: { status: [[503, 503]] } })
  const wrong = await probed([status(200)], { retry, expect: { body: 'Sign in' } })

  assert.deepEqual([expected.result.verdict, expected.asked], ['up', 1])
  assert.deepEqual([wrong.result.verdict, wrong.asked], ['content_mismatch', 1])
})

test('a refused connection is tried as often as it may be', async () => {
  await using prober = startProber()

  const result = await prober.ask(endpointAt(`http://127.0.0.1:${await closedPort()}/`, { retry }))

  assert.deepEqual([result.attempts, result.codes], [3, ['connect.refused']])
})

test('a connection that is reset is made anew, and the answer may say so', async () => {
  let connections = 0
  await using side = await rawSide((socket) => {
    if (++connections === 1) socket.resetAndDestroy()
    else socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n'))
  })
  await using prober = startProber()

  const result = await prober.ask(
    endpointAt(side.origin, { retry: { ...retry, degradeAfterRetry: true } }),
  )

  assert.deepEqual([result.attempts, result.verdict], [2, 'degraded'])
  assert.deepEqual(result.codes, ['HTTP:204', 'retried'])
  assert.deepEqual(result.failure, {
    kind: 'connect',
    message: 'answered only at attempt 2: connection closed before an answer',
  })
})

test('a certificate is asked for once, and an address that is refused never', async () => {
  await using side = await httpsSide(selfSigned(), (_, response) => response.end())
  await using prober = startProber()

  const untrusted = await prober.ask(endpointAt(side.origin, { retry }))
  const refused = await prober.ask(endpointAt(side.origin, { retry, network: 'public' }))

  assert.deepEqual([untrusted.attempts, untrusted.codes], [1, ['tls.untrusted']])
  assert.deepEqual([refused.attempts, refused.codes], [1, ['address.refused']])
  assert.equal(side.connections, 1)
})

async function probed(answers: Answer[], changed: Partial<Endpoint>) {
  let asked = 0
  await using side = await httpSide((_, response) => {
    const answer = answers[Math.min(asked, answers.length - 1)]
    asked++
    answer?.(response)
  })
  await using prober = startProber()
  const result = await prober.ask(endpointAt(side.origin, changed))
  return { result, asked }
}
