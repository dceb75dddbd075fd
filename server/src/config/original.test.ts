import assert from 'node:assert/strict'
import test from 'node:test'
import { loadText, problemsOf } from '../../test/corpus/load-text.ts'
import { goDurationMs } from './go-duration.ts'

const one = (endpoint: string) => `payers:\n  - name: Alpha\n    endpoints:\n      - ${endpoint}\n`

test('an entry of the original format becomes an endpoint of kind http', async () => {
  const config = await loadText(
    one(
      '{ type: Patient Search, url: "https://alpha.example/find?x=1#top", method: post, schedule: 1h30m, timeout: 5s, description: d, headers: { X-Id: 00123 }, body: "{}" }',
    ),
  )

  const [endpoint] = config.endpoints
  assert.equal(endpoint?.id, 'alpha/patient-search')
  assert.equal(endpoint?.type, 'Patient Search')
  assert.equal(endpoint?.capability, 'eligibility')
  assert.equal(endpoint?.kind, 'http')
  assert.equal(endpoint?.method, 'POST')
  assert.equal(endpoint?.url.reveal(), 'https://alpha.example/find?x=1')
  assert.equal(endpoint?.shownUrl, 'https://alpha.example/find')
  assert.equal(endpoint?.interval, 5_400_000)
  assert.equal(endpoint?.timeouts.total, 5_000)
  assert.equal(endpoint?.headers[0]?.[1].reveal(), '00123')
  assert.equal(endpoint?.body?.reveal(), '{}')
  assert.deepEqual(endpoint?.expect, {})
  assert.deepEqual(config.warnings, [])
})

test('without a schedule an entry is probed every 15 minutes, unless defaults from outside say otherwise', async () => {
  const text = one('{ type: login, url: "https://alpha.example/" }')

  const usual = await loadText(text)
  const told = await loadText(text, { env: { PAYER_STATUS_DEFAULTS_INTERVAL: '10m' } })

  assert.equal(usual.endpoints[0]?.interval, 900_000)
  assert.equal(told.endpoints[0]?.interval, 600_000)
})

test('an interval under the minimum is raised, with a warning', async () => {
  const text = one('{ type: login, url: "https://alpha.example/", schedule: 10s }')

  const config = await loadText(text)

  assert.equal(config.endpoints[0]?.interval, 60_000)
  assert.deepEqual(config.warnings, [
    'payers.yaml:4 payers[0].endpoints[0].schedule: expected at least 60s on a public network, got "10s"; raised to that',
  ])
})

test('on a private network, as a flag may say, a second is enough', async () => {
  const text = one('{ type: login, url: "http://127.0.0.1:81/", schedule: 1s }')

  const config = await loadText(text, { flags: { 'defaults.network': 'private' } })

  assert.equal(config.endpoints[0]?.network, 'private')
  assert.equal(config.endpoints[0]?.interval, 1_000)
  assert.deepEqual(config.warnings, [])
})

test('unknown keys are told and ignored', async () => {
  const config = await loadText(
    'defaults: { port: 1 }\npayers:\n  - name: Alpha\n    reviewer: x\n    endpoints:\n      - { type: login, urll: y, url: "https://alpha.example/" }\n',
  )

  assert.deepEqual(config.warnings, [
    'payers.yaml:1 defaults: the key "defaults" is unknown and ignored; this file has no "version: 1", so it is read in the original service’s format',
    'payers.yaml:4 payers[0].reviewer: the key "reviewer" is unknown and ignored',
    'payers.yaml:6 payers[0].endpoints[0].urll: the key "urll" is unknown and ignored, did you mean "url"?',
  ])
})

const REFERENCES: [string, string, string | undefined][] = [
  [`\${process.env.BASE}/x`, 'https://alpha.example/x', undefined],
  [`\${BASE}/x`, 'https://alpha.example/x', undefined],
  ['$BASE/x', 'https://alpha.example/x', undefined],
  [`\${BASE}/$metadata`, 'https://alpha.example/$metadata', undefined],
  [`\${process.env.ABSENT}/x`, '', 'the variable ABSENT is not set'],
  ['$ABSENT', '', 'the variable ABSENT is not set'],
  [`\${EMPTY}`, '', 'the variable EMPTY is not set'],
]

for (const [url, filled, reason] of REFERENCES)
  test(`the address ${url} is ${reason ?? filled}`, async () => {
    const config = await loadText(one(`{ type: login, url: "${url}" }`), {
      env: { BASE: 'https://alpha.example', EMPTY: '' },
    })

    const [endpoint] = config.endpoints
    assert.equal(endpoint?.notProbeable, reason)
    if (reason === undefined) assert.equal(endpoint?.url.reveal(), filled)
  })

const NOT_PROBEABLE: [string, string][] = [
  ['path: a/b', 'its address is relative and the payer has no base_url'],
  ['url: /a', 'its address is relative and the payer has no base_url'],
  ['url_contains: a.example/b', 'only a part of its address is known (url_contains)'],
  ['method: GET', 'it has no address'],
  [
    'url: "ftp://alpha.example/"',
    'its address is not an address that begins with "https://" or "http://"',
  ],
  [
    'url: "https://u:p@alpha.example/"',
    'its address is not an address without user name and password; send them as a header',
  ],
  ['url: "https://alpha.example/", headers: { A: $KEY }', 'the variable KEY is not set'],
  [`url: "https://alpha.example/", body: "\${KEY}"`, 'the variable KEY is not set'],
]

for (const [keys, reason] of NOT_PROBEABLE)
  test(`an entry with ${keys} is listed, not probed, and warned about once`, async () => {
    const config = await loadText(one(`{ type: api, ${keys} }`))

    assert.equal(config.endpoints[0]?.id, 'alpha/api')
    assert.equal(config.endpoints[0]?.notProbeable, reason)
    assert.equal(config.endpoints[0]?.shownUrl, '')
    assert.deepEqual(config.warnings, [
      `payers.yaml:4 payers[0].endpoints[0] (Alpha, api): cannot be probed: ${reason}`,
    ])
  })

test('a key without a value is as good as absent', async () => {
  const config = await loadText(
    one(
      '{ type: login, url: "https://alpha.example/", path: , schedule: ~, headers: , body: null }',
    ),
  )

  assert.equal(config.endpoints[0]?.interval, 900_000)
  assert.equal(config.endpoints[0]?.body, undefined)
})

test('a GraphQL variable in a body is no variable of the environment', async () => {
  const config = await loadText(
    one('{ type: api, url: "https://alpha.example/", body: "query($ID: Int) { a(id: $ID) }" }'),
  )

  assert.equal(config.endpoints[0]?.body?.reveal(), 'query($ID: Int) { a(id: $ID) }')
  assert.equal(config.endpoints[0]?.notProbeable, undefined)
})

test('a path is probed below the base_url of its payer', async () => {
  const config = await loadText(
    'payers:\n  - name: Alpha\n    base_url: "https://alpha.example/v1"\n    endpoints: [ { type: api, path: me } ]\n',
  )

  assert.equal(config.endpoints[0]?.url.reveal(), 'https://alpha.example/v1/me')
})

test('an entry that is listed twice is probed once, with a warning', async () => {
  const entry = '{ type: login, url: "https://alpha.example/" }'

  const config = await loadText(`${one(entry)}      - ${entry}\n`)

  assert.deepEqual(
    config.endpoints.map(({ id }) => id),
    ['alpha/login'],
  )
  assert.deepEqual(config.warnings, [
    'payers.yaml:5 payers[0].endpoints[1]: this endpoint is listed twice, first at payers.yaml:4',
  ])
})

test('entries of one type and one path are told apart by query, method and body', async () => {
  const url = 'url: "https://alpha.example/q"'
  const config = await loadText(
    [
      one(`{ type: api, ${url} }`).trimEnd(),
      `      - { type: api, ${url}, method: POST, body: a }`,
      `      - { type: api, ${url}, method: POST, body: b }`,
      '      - { type: api, url: "https://alpha.example/q?x=1" }',
    ].join('\n'),
  )

  const ids = config.endpoints.map(({ id }) => id)
  assert.equal(new Set(ids).size, 4)
  for (const id of ids) assert.match(id, /^alpha\/api-[0-9a-f]{6}$/)
})

test('a header that would break the request is left out, with a warning that does not show it', async () => {
  const config = await loadText(
    one('{ type: api, url: "https://alpha.example/", headers: { A: "x\\r\\nB: y", C: d } }'),
  )

  assert.deepEqual(
    config.endpoints[0]?.headers.map(([name]) => name),
    ['C'],
  )
  assert.deepEqual(config.warnings, [
    'payers.yaml:4 payers[0].endpoints[0] (Alpha, api): one of its headers is left out: expected one line of printable text',
  ])
})

test('settings from outside are checked with such a file too', async () => {
  const text = one('{ type: login, url: "https://alpha.example/" }')

  assert.deepEqual(await problemsOf(text, { flags: { 'log.level': 'loud' } }), [
    '--log-level: expected "debug", "info", "warn" or "error", got "loud"',
  ])
})

const DURATIONS: [string, number | undefined][] = [
  ['5m', 300_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['1.s', 1_000],
  ['1m0.5s', 60_500],
  ['100us', 0],
  ['+2s', 2_000],
  ['0', 0],
  ['', undefined],
  ['5', undefined],
  ['-5m', undefined],
  ['5 m', undefined],
  ['1d', undefined],
  ['m', undefined],
  ['1'.repeat(1_000_000), undefined],
]

for (const [text, ms] of DURATIONS)
  test(`Go reads the duration ${JSON.stringify(text.slice(0, 20))} as ${ms} ms`, () => {
    assert.equal(goDurationMs(text), ms)
  })
