import assert from 'node:assert/strict'
import test from 'node:test'
import { loadText, problemsOf, withEndpoints } from '../../test/corpus/load-text.ts'

/** The only endpoint of a file with these keys beside type and address. */
async function endpointWith(keys: string, defaults = '{}') {
  const text = withEndpoints(`{ type: login, url: "https://aetna.example/login", ${keys} }`)
  const config = await loadText(text.replace('payers:', `defaults: ${defaults}\npayers:`))
  const [endpoint] = config.endpoints
  assert.ok(endpoint)
  return endpoint
}

test('an endpoint that says nothing for itself is public, asked every 5 minutes, down after 2 of 3', async () => {
  const { url, ...endpoint } = await endpointWith('')

  assert.equal(url.reveal(), 'https://aetna.example/login')
  assert.deepEqual(endpoint, {
    id: 'aetna/login',
    payer: 'aetna',
    payerName: 'Aetna',
    type: 'login',
    capability: 'provider_portal',
    kind: 'http',
    via: 'direct',
    network: 'public',
    shownUrl: 'https://aetna.example/login',
    host: 'aetna.example',
    method: 'GET',
    headers: [],
    expect: {},
    interval: 300_000,
    timeouts: { dns: 2_000, connect: 3_000, tls: 5_000, firstByte: 10_000, total: 20_000 },
    maxBody: 262_144,
    confirmAfter: 60_000,
    freshEvery: 5,
    judge: { window: 3, downAfter: 2, recoverAfter: 2 },
    unreviewed: false,
  })
})

test('what an endpoint says goes before what defaults say, setting by setting', async () => {
  const endpoint = await endpointWith(
    'timeouts: { dns: 1s }, judge: { window: 5 }, interval: 2m, unreviewed: false',
    '{ timeouts: { dns: 4s, tls: 4s }, judge: { down_after: 3 }, interval: 3m, fresh_every: 9, unreviewed: true, degrade_over: 2s }',
  )

  assert.equal(endpoint.timeouts.dns, 1_000)
  assert.equal(endpoint.timeouts.tls, 4_000)
  assert.equal(endpoint.timeouts.connect, 3_000)
  assert.deepEqual(endpoint.judge, { window: 5, downAfter: 3, recoverAfter: 2 })
  assert.equal(endpoint.interval, 120_000)
  assert.equal(endpoint.freshEvery, 9)
  assert.equal(endpoint.unreviewed, false)
  assert.equal(endpoint.degradeOver, 2_000)
})

const FIRST_BYTE: [string, string, number][] = [
  ['', '{}', 10_000],
  ['timeout: 30s', '{}', 30_000],
  ['timeout: 5s', '{}', 5_000],
  ['', '{ timeout: 7s }', 7_000],
  ['timeouts: { first_byte: 4s }, timeout: 30s', '{}', 4_000],
  ['timeouts: { first_byte: 1m }, timeout: 30s', '{}', 30_000],
  ['timeout: 30s', '{ timeouts: { first_byte: 4s } }', 4_000],
]

for (const [keys, defaults, ms] of FIRST_BYTE)
  test(`with "${keys}" and defaults ${defaults} the first byte may take ${ms} ms`, async () => {
    assert.equal((await endpointWith(keys, defaults)).timeouts.firstByte, ms)
  })

test('no wait is longer than the whole probe', async () => {
  const { timeouts } = await endpointWith('timeout: 1500ms')

  assert.deepEqual(timeouts, {
    dns: 1_500,
    connect: 1_500,
    tls: 1_500,
    firstByte: 1_500,
    total: 1_500,
  })
})

const CONFIRM: [string, number][] = [
  ['', 60_000],
  ['confirm_after: 2m', 120_000],
  ['network: private', 5_000],
  ['network: private, interval: 2s', 2_000],
  ['network: private, confirm_after: 200ms', 200],
]

for (const [keys, ms] of CONFIRM)
  test(`with "${keys}" a change is confirmed after ${ms} ms`, async () => {
    assert.equal((await endpointWith(keys)).confirmAfter, ms)
  })

test('the network is that of the endpoint, else of the payer, else of defaults, else public', async () => {
  const text = (payer: string, defaults: string) => `version: 1
defaults: ${defaults}
payers:
  - name: Aetna
${payer}    endpoints:
      - { type: a, url: "https://a.example/" }
      - { type: b, url: "https://a.example/", network: public }
`
  const networks = async (file: string) =>
    (await loadText(file)).endpoints.map(({ network }) => network)

  assert.deepEqual(await networks(text('', '{}')), ['public', 'public'])
  assert.deepEqual(await networks(text('', '{ network: private }')), ['private', 'public'])
  assert.deepEqual(await networks(text('    network: private\n', '{}')), ['private', 'public'])
})

const ADDRESSES: [string, string, string, string][] = [
  ['https://EXAMPLE.com', 'https://example.com/', 'https://example.com/', 'example.com'],
  ['https://a.example:443/x', 'https://a.example/x', 'https://a.example/x', 'a.example'],
  [
    'https://a.example:8443/x?k=1',
    'https://a.example:8443/x?k=1',
    'https://a.example:8443/x',
    'a.example:8443',
  ],
  [
    'https://bücher.example/',
    'https://xn--bcher-kva.example/',
    'https://xn--bcher-kva.example/',
    'xn--bcher-kva.example',
  ],
  ['https://[::1]:8/x', 'https://[::1]:8/x', 'https://[::1]:8/x', '[::1]:8'],
]

for (const [given, url, shown, host] of ADDRESSES)
  test(`the address ${given} is shown as ${shown}`, async () => {
    const config = await loadText(withEndpoints(`{ type: a, url: "${given}" }`))

    const [endpoint] = config.endpoints
    assert.equal(endpoint?.url.reveal(), url)
    assert.equal(endpoint?.shownUrl, shown)
    assert.equal(endpoint?.host, host)
  })

test('a public address without encryption is worth a warning, a private one is not', async () => {
  const config = await loadText(
    withEndpoints(
      '{ type: a, url: "http://a.example/" }',
      '{ type: b, url: "http://b.example/", network: private }',
    ),
  )

  assert.deepEqual(config.warnings, [
    'payers.yaml:5 payers[0].endpoints[0] (Aetna, a): is asked without encryption (http)',
  ])
})

test('a relative address lies below the base_url, which counts as a directory', async () => {
  const config = await loadText(`version: 1
payers:
  - name: Aetna
    base_url: "https://aetna.example/api?x=1"
    endpoints:
      - { type: a, url: me }
      - { type: b, url: /root }
      - { type: c, url: "me?y=2" }
      - { type: d }
      - { type: e, url: "https://other.example/" }
`)

  assert.deepEqual(
    config.endpoints.map(({ url }) => url.reveal()),
    [
      'https://aetna.example/api/me',
      'https://aetna.example/root',
      'https://aetna.example/api/me?y=2',
      'https://aetna.example/api/',
      'https://other.example/',
    ],
  )
})

test('an endpoint that is switched off is left out, and so is a payer with no other', async () => {
  const config = await loadText(
    withEndpoints('{ type: a, enabled: false }', '{ type: b, enabled: "false" }'),
  )

  assert.deepEqual(config.endpoints, [])
  assert.deepEqual(config.payers, [])
})

test('intervals at the minimum are taken, shorter ones refused', async () => {
  const problems = await problemsOf(
    withEndpoints(
      '{ type: a, url: "https://a.example/", interval: 60s }',
      '{ type: b, url: "https://a.example/", interval: 59999ms }',
      '{ type: c, url: "https://a.example/", interval: 1s, network: private }',
      '{ type: d, url: "https://a.example/", interval: 999ms, network: private }',
    ),
  )

  assert.deepEqual(problems, [
    'payers.yaml:6 payers[0].endpoints[1].interval: expected at least 60s on a public network, got "59999ms"',
    'payers.yaml:8 payers[0].endpoints[3].interval: expected at least 1s on a private network, got "999ms"',
  ])
})

test('a setting from outside that an endpoint may not have is told by its name', async () => {
  const text = withEndpoints('{ type: a, url: "https://a.example/" }')

  assert.deepEqual(await problemsOf(text, { env: { PAYER_STATUS_DEFAULTS_INTERVAL: '5s' } }), [
    'PAYER_STATUS_DEFAULTS_INTERVAL: expected at least 60s on a public network, got "5s"',
  ])
})
