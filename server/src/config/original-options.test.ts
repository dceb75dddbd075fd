import assert from 'node:assert/strict'
import test from 'node:test'
import { loadText } from '../../test/corpus/load-text.ts'
import { migrate } from './migrate.ts'

/** A file of the original with one endpoint that says this. */
function saying(options: string): string {
  return `payers:\n  - { name: Alpha, endpoints: [{ type: api, url: "https://alpha.example/", ${options} }] }\n`
}

async function endpointOf(options: string, env: Record<string, string> = {}) {
  const { endpoints, warnings } = await loadText(saying(options), { env })
  const [endpoint] = endpoints
  assert.ok(endpoint)
  return { endpoint, warnings }
}

test('statuses, a pattern and a part of the JSON are expected as ours are', async () => {
  const { endpoint, warnings } = await endpointOf(
    'expect_status: [200, "204-206"], expect_body: "(?i)ok+", expect_json: { status: active, page: { total: 5, list: [true, null] } }',
  )

  assert.deepEqual(endpoint.expect.status, [
    [200, 200],
    [204, 206],
  ])
  assert.deepEqual(
    endpoint.expect.json?.map(([path]) => path),
    ['$.status', '$.page.total', '$.page.list[0]', '$.page.list[1]'],
  )
  assert.ok(endpoint.expect.body)
  assert.deepEqual(warnings, [])
})

test('Basic credentials become a header, with variables filled in', async () => {
  const env = { PASSWORD: 'pa:ss' }

  const { endpoint } = await endpointOf(
    'auth: { type: basic, username: ops, password: $PASSWORD }',
    env,
  )

  assert.deepEqual(
    endpoint.headers.map(([name, value]) => [name, value.reveal()]),
    [['Authorization', `Basic ${Buffer.from('ops:pa:ss').toString('base64')}`]],
  )
})

test('retries are bounded as ours are, and the interval leaves room for them', async () => {
  const { endpoint, warnings } = await endpointOf(
    'schedule: 60s, retry: { attempts: 9, delay: 100ms, max_delay: 1m30s }',
  )

  assert.deepEqual(
    [endpoint.retry?.attempts, endpoint.retry?.delay, endpoint.retry?.maxDelay],
    [5, 1_000, 60_000],
  )
  assert.equal(endpoint.interval, 300_000)
  assert.match(warnings[0] ?? '', /expected at least 300s .* with 5 attempts, got "60s"; raised/)
})

test('without verification an endpoint is probed as before, with a warning', async () => {
  const { endpoint, warnings } = await endpointOf('tls_skip_verify: true')

  assert.equal(endpoint.tls?.skipVerify, true)
  assert.equal(warnings.length, 1)
  assert.equal((await endpointOf('tls_skip_verify: false')).endpoint.tls, undefined)
})

const ignored: Record<string, string> = {
  'a status that is none': 'expect_status: ok',
  'a pattern that is none': 'expect_body: "("',
  'JSON that is a text': 'expect_json: active',
  'a path that ours cannot say': 'expect_json: { "a.b": 1 }',
  'another kind of credentials': 'auth: { type: bearer, token: x }',
  'credentials without a user': 'auth: { type: basic }',
  'retries that are a number': 'retry: 3',
  'attempts that are none': 'retry: { attempts: many }',
}

for (const [what, option] of Object.entries(ignored))
  test(`${what}: told without its value, and ignored`, async () => {
    const { endpoint, warnings } = await endpointOf(option)

    const key = option.split(':')[0]
    assert.deepEqual(endpoint.expect, {})
    assert.equal(endpoint.retry, undefined)
    assert.deepEqual(warnings, [
      `payers.yaml:2 payers[0].endpoints[0].${key}: is not as the original service has it, or beyond what ours takes; ignored`,
    ])
  })

test('migrated, they are the same under their new names', async () => {
  const old = saying(
    'expect_status: 200, expect_body: ok, expect_json: { n: 1 }, auth: { username: a, password: $P }, retry: { attempts: 2 }, tls_skip_verify: true',
  )
  const result = migrate(old)
  assert.ok(!Array.isArray(result))
  const env = { P: 'p' }

  const before = await loadText(old, { env })
  const after = await loadText(result.text, { env })

  assert.match(result.text, /expect: \{ status: \[ 200 \], body: \{ matches: ok \}, json: /)
  assert.deepEqual(after.endpoints[0]?.expect, before.endpoints[0]?.expect)
  assert.deepEqual(after.endpoints[0]?.retry, before.endpoints[0]?.retry)
  assert.equal(after.endpoints[0]?.tls?.skipVerify, true)
  assert.equal(after.endpoints[0]?.headers[0]?.[1].reveal(), 'Basic YTpw')
})
