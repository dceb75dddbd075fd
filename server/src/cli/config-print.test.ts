import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aCommandLine } from '../../test/support/fake-io.ts'

const MAIN = `version: 1
server: { port: 9000 }
hub:
  tick: 20ms
auth:
  api_keys: [{ name: ops, hash: "sha256:${'ab'.repeat(32)}", scopes: [probe] }]
defaults: { interval: 10m }
include: more.yaml
profiles:
  patient: { timeout: 40s }
payers:
  - name: Aetna
    network: private
    endpoints:
      - type: login
        url: "https://aetna.example/login?token=t0ken"
        interval: 15m
        profile: patient
        headers: { Authorization: "Bearer \${TOKEN}" }
`
const MORE = `payers:
  - { name: Cigna, endpoints: [{ type: login, url: "https://cigna.example/", timeout: 7s }] }
`
const FILES = { 'payers.yaml': MAIN, 'more.yaml': MORE }
const ENV = { TOKEN: 'very-secret', PAYER_STATUS_LOG_LEVEL: 'warn' }

type Said = { path: string; value: unknown; from: string }
type Printed = { settings: Said[]; endpoints: { id: string; from: string; settings: Said[] }[] }

test('every value is printed with where it comes from', async (t) => {
  const run = await aCommandLine(t, FILES)

  const { code, out } = await run(['config', 'print', '--network', 'public', '--json'], {
    env: ENV,
  })
  const { settings, endpoints } = JSON.parse(out) as Printed
  const said = (list: readonly Said[], wanted: string) =>
    list.flatMap(({ path, value, from }) => (path === wanted ? [[value, from]] : []))

  assert.equal(code, 0)
  assert.deepEqual(said(settings, 'server.port'), [[9000, 'payers.yaml:2']])
  assert.deepEqual(said(settings, 'server.host'), [['127.0.0.1', 'default']])
  assert.deepEqual(said(settings, 'hub.tick'), [['20ms', 'payers.yaml:4']])
  assert.deepEqual(said(settings, 'hub.heartbeat'), [['15s', 'default']])
  assert.deepEqual(said(settings, 'log.level'), [['warn', 'PAYER_STATUS_LOG_LEVEL']])
  assert.deepEqual(said(settings, 'defaults.network'), [['public', '--network']])
  const [aetna, cigna] = endpoints
  assert.deepEqual([aetna?.id, aetna?.from], ['aetna/login', 'payers.yaml:15'])
  assert.deepEqual(said(aetna?.settings ?? [], 'interval'), [['15m', 'payers.yaml:17']])
  assert.deepEqual(said(aetna?.settings ?? [], 'timeout'), [
    ['40s', 'payers.yaml:10 (profile patient)'],
  ])
  assert.deepEqual(said(aetna?.settings ?? [], 'network'), [['private', 'payers.yaml:13']])
  assert.deepEqual(said(cigna?.settings ?? [], 'interval'), [['10m', 'payers.yaml:7']])
  assert.deepEqual(said(cigna?.settings ?? [], 'timeout'), [['7s', 'more.yaml:2']])
  assert.deepEqual(said(cigna?.settings ?? [], 'network'), [['public', '--network']])
  assert.deepEqual(said(cigna?.settings ?? [], 'freshEvery'), [])
  assert.deepEqual(said(cigna?.settings ?? [], 'fresh_every'), [[5, 'default']])
})

for (const form of [[], ['--json']])
  test(`secrets are masked${form.length > 0 ? ' in JSON too' : ''}`, async (t) => {
    const run = await aCommandLine(t, FILES)

    const { out } = await run(['config', 'print', ...form], { env: ENV })

    assert.doesNotMatch(out, /very-secret|t0ken|abab/)
    assert.match(out, /\[secret\]/)
    assert.match(out, /https:\/\/aetna\.example\/login/)
  })

test('no credential of any kind is printed', async (t) => {
  const endpoints = [
    `{ type: a, url: "https://a.example/?m=CANARY", auth: { basic: { user: CANARY, password: CANARY } }, body: CANARY }`,
    `{ type: b, url: "https://b.example/", auth: { oauth2: { token_url: "https://t.example/?x=CANARY", client_id: CANARY, client_secret: CANARY } } }`,
    `{ type: c, url: "https://c.example/", auth: { bearer: CANARY }, headers: { X: CANARY } }`,
    `{ type: d, url: "https://d.example/", profile: p }`,
  ]
  const file = `version: 1\nprofiles: { p: { auth: { header: { name: X-Key, value: CANARY } } } }\npayers: [{ name: Aetna, endpoints: [${endpoints.join(', ')}] }]\n`
  const run = await aCommandLine(t, { 'payers.yaml': file })

  for (const form of [[], ['--json'], ['--set']]) {
    const { code, out, err } = await run(['config', 'print', ...form])

    assert.equal(code, 0)
    assert.match(out, /d\.example/)
    assert.doesNotMatch(out + err, /CANARY/)
  }
})

test('as YAML each value stands in its place, its origin beside it', async (t) => {
  const run = await aCommandLine(t, FILES)

  const { out } = await run(['config', 'print', '--set'], { env: ENV })

  assert.match(out, /^server:\n {2}port: 9000 +# payers\.yaml:2\n/)
  assert.match(out, /^hub:\n {2}tick: 20ms +# payers\.yaml:4\n/m)
  assert.match(out, /^endpoints:\n {2}aetna\/login: +# payers\.yaml:15\n {4}type: login +# /m)
  assert.doesNotMatch(out, /# default/)
})

test('one endpoint alone can be asked for', async (t) => {
  const run = await aCommandLine(t, FILES)

  const { out } = await run(['config', 'print', '--endpoint', 'cigna/login'], { env: ENV })
  const unknown = await run(['config', 'print', '--endpoint', 'cigna/logn'], { env: ENV })

  assert.match(
    out,
    /^payers:\n {2}cigna: .*\n {4}name: Cigna .*\n(?: {4}.*\n)+endpoints:\n {2}cigna\/login:/,
  )
  assert.equal(unknown.code, 2)
  assert.equal(unknown.err, 'no endpoint "cigna/logn" is configured, did you mean cigna/login?\n')
})
