import assert from 'node:assert/strict'
import test from 'node:test'
import { loadText, problemsOf, withEndpoints } from '../../test/corpus/load-text.ts'

test('HTTP/2 is asked for over TLS, and without it on private networks only', async () => {
  const { endpoints } = await loadText(
    withEndpoints(
      '{ type: a, url: "https://a.example/", http2: true }',
      '{ type: b, url: "http://10.0.0.1/", network: private, http2: true }',
      '{ type: c, url: "https://a.example/c", http2: false }',
    ),
  )
  const problems = await problemsOf(
    withEndpoints('{ type: a, url: "http://a.example/", http2: true }'),
  )

  assert.deepEqual(
    endpoints.map(({ http2 }) => http2),
    [true, true, undefined],
  )
  assert.deepEqual(problems, [
    'payers.yaml:5 payers[0].endpoints[0].http2: expected an https address on a public network, got an http one',
  ])
})
