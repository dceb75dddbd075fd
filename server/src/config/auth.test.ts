import assert from 'node:assert/strict'
import test from 'node:test'
import { inspect } from 'node:util'
import { loadText, problemsOf, withEndpoints } from '../../test/corpus/load-text.ts'
import type { Endpoint } from './config.ts'

const CANARY = 'CANARY7f3a'

test('user and password become a Basic header, in UTF-8', async () => {
  const endpoint = await endpointWith('auth: { basic: { user: ops, password: "pä:ss" } }')

  const pair = Buffer.from('ops:pä:ss').toString('base64')
  assert.deepEqual(headersOf(endpoint), [['Authorization', `Basic ${pair}`]])
})

test('a token becomes a Bearer header, a header stays one', async () => {
  const bearer = await endpointWith('auth: { bearer: abc }')
  const header = await endpointWith(
    'auth: { header: { name: X-Key, value: k } }, headers: { A: b }',
  )

  assert.deepEqual(headersOf(bearer), [['Authorization', 'Bearer abc']])
  assert.deepEqual(headersOf(header), [
    ['A', 'b'],
    ['X-Key', 'k'],
  ])
})

test('a client of a token server keeps what it asks with', async () => {
  const { headers, oauth2 } = await endpointWith(
    `auth: { oauth2: { token_url: "https://a.example/t", client_id: c, client_secret: s, scope: "a b" } }`,
  )

  assert.deepEqual(headers, [])
  assert.deepEqual(
    [oauth2?.tokenUrl.reveal(), oauth2?.clientId.reveal(), oauth2?.clientSecret.reveal()],
    ['https://a.example/t', 'c', 's'],
  )
  assert.deepEqual(
    [oauth2?.scope, oauth2?.audience, oauth2?.authStyle],
    ['a b', undefined, 'basic'],
  )
})

test('secrets come from variables and files', async () => {
  const text = withEndpoints(
    `{ type: a, url: "https://a.example/", auth: { basic: { user: "\${WHO}", password: "\${file:pass}" } } }`,
  )

  const config = await loadText(text, { env: { WHO: 'ops' }, files: { pass: 'secret\n' } })

  const pair = Buffer.from('ops:secret').toString('base64')
  assert.deepEqual(headersOf(config.endpoints[0]), [['Authorization', `Basic ${pair}`]])
})

test('a plain token address is for private networks only', async () => {
  const auth = `auth: { oauth2: { token_url: "http://10.0.0.1/t", client_id: c, client_secret: s } }`

  const { oauth2 } = await endpointWith(`network: private, ${auth}`)

  assert.equal(oauth2?.tokenUrl.reveal(), 'http://10.0.0.1/t')
})

test('two proofs for one header are a mistake', async () => {
  const problems = await problemsOf(
    withEndpoints(
      '{ type: a, url: "https://a.example/", headers: { authorization: x }, auth: { bearer: y } }',
    ),
  )

  assert.deepEqual(problems, [
    'payers.yaml:5 payers[0].endpoints[0].auth: expected no header Authorization beside it, got a mapping',
  ])
})

const BROKEN = [
  `basic: { user: "a:${CANARY}", password: b }`,
  `basic: "${CANARY}"`,
  `basic: { user: a, password: [ "${CANARY}" ] }`,
  `bearer: "a ${CANARY}"`,
  `bearer: [ "${CANARY}" ]`,
  `header: { name: "A ${CANARY}", value: b }`,
  `header: { name: A, value: "\\n${CANARY}" }`,
  `header: "${CANARY}"`,
  `oauth2: "${CANARY}"`,
  `oauth2: { token_url: "${CANARY}", client_id: c, client_secret: s }`,
  `oauth2: { token_url: "http://a.example/?k=${CANARY}", client_id: c, client_secret: s }`,
  `oauth2: { token_url: "https://a.example/", client_id: c, client_secret: "\\n${CANARY}" }`,
  `oauth2: { token_url: "https://a.example/", client_id: [ "${CANARY}" ], client_secret: s }`,
]

for (const auth of BROKEN)
  test(`a mistake in ${auth.replaceAll(CANARY, '…')} is told without the secret`, async () => {
    const problems = await problemsOf(
      withEndpoints(`{ type: a, url: "https://a.example/", auth: { ${auth} } }`),
    )

    assert.equal(problems.length, 1)
    assert.match(problems[0] ?? '', /^payers\.yaml:5 payers\[0\]\.endpoints\[0\]\.auth\./)
    assert.doesNotMatch(problems.join(), new RegExp(CANARY))
  })

test('a proof can be printed without its secrets', async () => {
  const client = `token_url: "https://a.example/?k=${CANARY}", client_id: ${CANARY}, client_secret: ${CANARY}`
  const endpoints = [
    await endpointWith(`auth: { basic: { user: ${CANARY}, password: ${CANARY} } }`),
    await endpointWith(`auth: { header: { name: A, value: ${CANARY} } }`),
    await endpointWith(`auth: { oauth2: { ${client} } }`),
  ]

  const printed = inspect(endpoints, { depth: 10 }) + JSON.stringify(endpoints)

  assert.doesNotMatch(printed, new RegExp(CANARY))
  assert.ok(!printed.includes(Buffer.from(CANARY).toString('base64').slice(0, 8)))
})

async function endpointWith(settings: string): Promise<Endpoint> {
  const config = await loadText(
    withEndpoints(`{ type: a, url: "https://a.example/", ${settings} }`),
  )
  const [endpoint] = config.endpoints
  assert.ok(endpoint)
  return endpoint
}

function headersOf(endpoint: Endpoint | undefined): [string, string][] {
  return (endpoint?.headers ?? []).map(([name, value]) => [name, value.reveal()])
}
