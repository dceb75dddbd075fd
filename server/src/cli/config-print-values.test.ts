import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aCommandLine } from '../../test/support/fake-io.ts'

type Said = { path: string; value: unknown; from: string }
type Part = { id: string; settings: Said[] }
type Printed = { settings: Said[]; payers: Part[]; endpoints: Part[] }

function saidIn(settings: readonly Said[] | undefined, wanted: string): unknown[] | undefined {
  return settings?.flatMap(({ path, value, from }) => (path === wanted ? [value, from] : []))
}

const ORIGINAL = `payers:
  - name: Aetna
    base_url: https://a.example
    endpoints:
      - type: login
        path: /in
        schedule: 5m
        expect_status: [200, 302]
        expect_body: "(?i)sign in"
        expect_json: { status: active, data: { n: 3 } }
        auth: { username: bob, password: CANARY }
        tls_skip_verify: true
        retry:
          attempts: 3
      - type: plain
        url: https://a.example/plain
        headers: { authorization: "Bearer CANARY" }
        auth: { username: bob, password: CANARY }
`

test('of a file in the original’s format every option is printed as it comes to, with its line', async (t) => {
  const run = await aCommandLine(t, { 'payers.yaml': ORIGINAL })

  const { code, out, err } = await run(['config', 'print', '--json'])
  const { endpoints } = JSON.parse(out) as Printed
  const of = (wanted: string) => saidIn(endpoints[0]?.settings, wanted)

  assert.equal(code, 0)
  assert.doesNotMatch(out + err, /CANARY|bob/)
  assert.deepEqual(of('url'), ['https://a.example/in', 'payers.yaml:6'])
  assert.deepEqual(of('interval'), ['5m', 'payers.yaml:7'])
  assert.deepEqual(of('expect.status'), [[200, 302], 'payers.yaml:8'])
  assert.deepEqual(of('expect.body'), [{ matches: '(?i)sign in' }, 'payers.yaml:9'])
  assert.deepEqual(of('expect.json'), [{ '$.status': 'active', '$.data.n': 3 }, 'payers.yaml:10'])
  assert.deepEqual(of('auth.basic.user'), ['[secret]', 'payers.yaml:11'])
  assert.deepEqual(of('auth.basic.password'), ['[secret]', 'payers.yaml:11'])
  assert.deepEqual(of('tls.skip_verify'), [true, 'payers.yaml:12'])
  assert.deepEqual(of('retry.attempts'), [3, 'payers.yaml:14'])
  const plain = endpoints[1]?.settings
  assert.deepEqual(saidIn(plain, 'auth.basic.user'), [], 'left out: it has such a header')
  assert.deepEqual(saidIn(plain, 'expect.status'), ['200-399', 'default'])
})

const OURS = `version: 1
probing: { vantage: "\${file:place}" }
server: { allowed_hosts: "\${HOST_NAME}" }
hub: { canary: true }
payers:
  - name: Aetna
    maintenance: [{ types: [login], rrule: "FREQ=WEEKLY;BYDAY=SU", start_local: "00:00", end_local: "06:00" }]
    endpoints:
      - type: login
        url: "https://a.example/"
        interval: "\${EVERY}"
        description: "\${CREDENTIAL}"
        judge: { window: "\${WINDOW}" }
        expect:
          body: { contains: "Sign in", matches: "\${CREDENTIAL}" }
          headers: { X-Key: "\${CREDENTIAL}", X-Kind: b }
          json: { "$.a": "\${CREDENTIAL}", "$.b": "x\${file:place}", "$.c": plain }
`
const ENV = { CREDENTIAL: 'CANARY', EVERY: '10m', HOST_NAME: 'status.example', WINDOW: '5' }

test('what was filled in is printed where it is no secret, else by the name of its reference', async (t) => {
  const run = await aCommandLine(t, { 'payers.yaml': OURS, place: 'hidden-7' })

  const { code, out, err } = await run(['config', 'print', '--json'], { env: ENV })
  assert.equal(code, 0, err)
  const { settings, endpoints } = JSON.parse(out) as Printed
  const of = (wanted: string) => saidIn(endpoints[0]?.settings, wanted)?.[0]

  assert.doesNotMatch(out + err, /CANARY|hidden-7/)
  assert.deepEqual(saidIn(settings, 'probing.vantage')?.[0], '{file}')
  assert.deepEqual(saidIn(settings, 'server.allowed_hosts')?.[0], 'status.example')
  assert.deepEqual(saidIn(endpoints[0]?.settings, 'interval'), ['10m', 'payers.yaml:11'])
  assert.deepEqual(of('judge.window'), 5)
  assert.deepEqual(of('description'), '{CREDENTIAL}')
  assert.deepEqual(of('expect.body'), { contains: 'Sign in', matches: '{CREDENTIAL}' })
  assert.deepEqual(of('expect.headers'), { 'X-Key': '{CREDENTIAL}', 'X-Kind': 'b' })
  assert.deepEqual(of('expect.json'), { '$.a': '{CREDENTIAL}', '$.b': 'x{file}', '$.c': 'plain' })
})

test('a number or switch that a variable sets is printed as one', async (t) => {
  const run = await aCommandLine(t, { 'payers.yaml': OURS, place: 'b' })
  const outside = {
    PAYER_STATUS_SERVER_PORT: '9000',
    PAYER_STATUS_HUB_CANARY: 'false',
    PAYER_STATUS_PROBING_BUDGETS_HOST_PER_MINUTE: '6',
    PAYER_STATUS_PROBING_VANTAGE: '7',
  }

  const { out } = await run(['config', 'print', '--json'], { env: { ...ENV, ...outside } })
  const { settings } = JSON.parse(out) as Printed
  const of = (wanted: string) => saidIn(settings, wanted)

  assert.deepEqual(of('server.port'), [9000, 'PAYER_STATUS_SERVER_PORT'])
  assert.deepEqual(of('hub.canary'), [false, 'PAYER_STATUS_HUB_CANARY'])
  assert.deepEqual(of('probing.budgets.host.per_minute')?.[0], 6)
  assert.deepEqual(of('probing.vantage'), ['7', 'PAYER_STATUS_PROBING_VANTAGE'])
})

test('what a payer announces is printed', async (t) => {
  const run = await aCommandLine(t, { 'payers.yaml': OURS, place: 'b' })

  const { out } = await run(['config', 'print', '--json'], { env: ENV })
  const { payers } = JSON.parse(out) as Printed

  assert.deepEqual(saidIn(payers[0]?.settings, 'maintenance'), [
    [
      {
        types: ['login'],
        rrule: 'FREQ=WEEKLY;BYDAY=SU',
        start_local: '00:00',
        end_local: '06:00',
      },
    ],
    'payers.yaml:7',
  ])
})

for (const [url, shown] of [
  ['sqlite:/var/lib/history.db', 'sqlite:/var/lib/history.db'],
  ['memory:', 'memory:'],
  [
    'postgres://me:CANARY@db.example:5433/status?sslmode=CANARY',
    'postgres://db.example:5433/status',
  ],
])
  test(`where history is kept is printed without a password: ${shown}`, async (t) => {
    const run = await aCommandLine(t, { 'payers.yaml': OURS, place: 'b' })

    const { out } = await run(['config', 'print', '--json'], {
      env: { ...ENV, CREDENTIAL: 'other', PAYER_STATUS_STORE_URL: url },
    })
    const { settings } = JSON.parse(out) as Printed

    assert.doesNotMatch(out, /CANARY/)
    assert.equal(saidIn(settings, 'store.url')?.[0], shown)
  })
