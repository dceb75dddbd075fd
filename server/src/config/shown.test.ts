import assert from 'node:assert/strict'
import test from 'node:test'
import { loadText, withEndpoints } from '../../test/corpus/load-text.ts'
import { judged } from '../../test/support/an-answer.ts'
import { unmetExpectation } from '../probe/expect.ts'

const env = { TOKEN: 'CANARY', HOST: 'h.example', BASE: 'https://h.example/CANARY' }

const addresses: Record<string, string> = {
  'https://h.example/a/b?k=v': 'https://h.example/a/b',
  'https://h.example/hook/${TOKEN}/x?k=${TOKEN}': 'https://h.example/hook/{TOKEN}/x',
  'https://${HOST}/x': 'https://h.example/x',
  '${BASE}': 'https://h.example/',
  '${BASE}/x/${TOKEN}': 'https://h.example/x/{TOKEN}',
  '${BASE}?k=1': 'https://h.example/',
}

for (const [url, shown] of Object.entries(addresses))
  test(`of ${url} only what stands in the file is shown, and its host`, async () => {
    const config = await loadText(withEndpoints(`{ type: login, url: "${url}" }`), { env })

    assert.equal(config.endpoints[0]?.shownUrl, shown)
  })

test('what was filled into a base is not shown either', async () => {
  const config = await loadText(
    'version: 1\npayers: [{ name: A, base_url: "${BASE}/api/", endpoints: [{ type: login, url: "v1/${TOKEN}" }] }]\n',
    { env },
  )

  assert.equal(config.endpoints[0]?.shownUrl, 'https://h.example/api/v1/{TOKEN}')
})

test('in a file of the original format references are named in the same way', async () => {
  const config = await loadText(
    'payers: [{ name: A, endpoints: [{ type: login, url: "${process.env.BASE}/in/$TOKEN" }] }]\n',
    { env },
  )

  assert.equal(config.endpoints[0]?.shownUrl, 'https://h.example/in/{TOKEN}')
})

test('an expectation that was not met shows references by name', async () => {
  const endpoint =
    '{ type: login, url: "https://h.example/", expect: { body: "${TOKEN}-body", json: { "$.a": "${TOKEN}" } } }'
  const { expect } = (await loadText(withEndpoints(endpoint), { env })).endpoints[0]!

  const body = unmetExpectation(expect, judged({ body: 'other' }))
  const json = unmetExpectation({ ...expect, body: '' }, judged({ body: '{}' }))

  assert.equal(body?.message, 'expected the body to contain "{TOKEN}-body"')
  assert.equal(json?.message, 'expected $.a to be "{TOKEN}"')
})
