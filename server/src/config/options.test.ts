import assert from 'node:assert/strict'
import test from 'node:test'
import { loadText, problemsOf, withEndpoints } from '../../test/corpus/load-text.ts'
import { Endpoint } from './payer-schema.ts'
import { leaves } from './schema-walk.ts'

/** What every setting takes, and what it does not. A setting that is not here fails the first test. */
const SETTINGS: Record<string, { good: unknown[]; bad: unknown[] }> = {
  'server.host': { good: ['0.0.0.0', '::1', 'localhost'], bad: ['', 5, 'x'.repeat(254)] },
  'server.port': { good: [0, 65_535, '8080'], bad: [65_536, -1, 'abc', 1.5] },
  'server.allowed_hosts': { good: ['a.example', ['a', 'b'], []], bad: [5, [5], ['']] },
  'server.allowed_origins': { good: ['https://a.example', []], bad: ['a.example', ['file:///x']] },
  'metrics.host': { good: ['::'], bad: ['', 5] },
  'metrics.port': { good: [0, 9_090], bad: [65_536, '-1'] },
  'metrics.endpoint_series': { good: [0, 100_000], bad: [100_001, -1] },
  'log.level': { good: ['debug', 'info', 'warn', 'error'], bad: ['trace', 'INFO', 3] },
  'shutdown.grace': { good: ['0s', '10m'], bad: ['11m', 10, '-1s'] },
  'limits.max_connections': { good: [1, 1_000_000], bad: [0, 1_000_001] },
  'limits.connections_per_address': { good: [1], bad: [0, '1e3'] },
  'limits.handshakes_per_second': { good: [1], bad: [0, 0.5] },
  'limits.handshakes_at_once': { good: [1], bad: [0, 100_001] },
  'limits.frame_bytes': { good: ['1 KiB', '1 MiB'], bad: ['1 B', '2 MiB', 16_384] },
  'limits.unacknowledged': { good: ['64 MiB'], bad: ['65 MiB', '1 KB'] },
  'limits.stuck_after': { good: ['1s', '1h'], bad: ['999ms', '2h'] },
  'limits.body_bytes': { good: ['16 MiB'], bad: ['17 MiB', '0 B'] },
  'hub.tick': { good: ['10ms', '1s'], bad: ['9ms', '1001ms'] },
  'gateway.threads': { good: [1, 2, 64], bad: [0, 65, 1.5, 'many'] },
  'hub.heartbeat': { good: ['100ms', '5m'], bad: ['99ms', '6m'] },
  'hub.max_age': { good: ['0s', '7d'], bad: ['8d', 'never'] },
  'hub.remember': { good: ['0s', '30d'], bad: ['31d'] },
  'probing.concurrency': { good: [1, 10_000], bad: [0, 10_001] },
  'probing.user_agent_contact': {
    good: ['mailto:a@b.example', ''],
    bad: ['a\r\nb', 'é', 'x'.repeat(201)],
  },
  'probing.vantage': { good: ['us-east', '1'], bad: ['', 'US', '-a', 'a b', 'x'.repeat(64)] },
  'probing.control': { good: ['https://a.example/', []], bad: ['a', 'ftp://a.example'] },
  'probing.host_concurrency': { good: [1, 1_000], bad: [0, 1_001] },
  'probing.dns_max_age': { good: ['0s', '1d'], bad: ['2d'] },
  'defaults.network': { good: ['public', 'private'], bad: ['internal', true] },
  'defaults.interval': { good: ['60s', '7d'], bad: ['59s', '8d', 60] },
  'defaults.timeout': { good: ['1ms', '5m'], bad: ['0s', '6m'] },
  'defaults.timeouts.dns': { good: ['1ms'], bad: ['0s', '6m'] },
  'defaults.timeouts.connect': { good: ['1ms'], bad: ['0s'] },
  'defaults.timeouts.tls': { good: ['1ms'], bad: ['0s'] },
  'defaults.timeouts.first_byte': { good: ['1ms'], bad: ['0s'] },
  'defaults.degrade_over': { good: ['1ms', '5m'], bad: ['0s', '6m'] },
  'defaults.confirm_after': { good: ['60s', '1d'], bad: ['59s', '2d'] },
  'defaults.fresh_every': { good: [1, 1_000], bad: [0, 1_001] },
  'defaults.max_body': { good: ['1 KiB', '16 MiB'], bad: ['1023 B', '17 MiB'] },
  // Good files are in tls.test.ts.
  'defaults.tls.ca': { good: [], bad: ['', 5, 'absent.pem'] },
  'defaults.tls.crl': { good: [], bad: ['', 5, 'absent.pem'] },
  'defaults.tls.min_version': { good: ['TLSv1', 'TLSv1.3'], bad: ['TLSv1.4', 1.2, 'SSLv3'] },
  'defaults.tls.max_version': { good: ['TLSv1.2', 'TLSv1.3'], bad: ['TLSv1.1', 'TLS 1.2'] },
  'defaults.unreviewed': { good: [true, 'false'], bad: ['yes', 1] },
  'defaults.judge.window': { good: [2, 20], bad: [0, 21] },
  'defaults.judge.down_after': { good: [1, 3], bad: [0, 21] },
  'defaults.judge.recover_after': { good: [1, 3], bad: [0, 21] },
}

const HOSTILE: unknown[] = [{ a: { b: 1 } }, [[1]], 'x\u0000\u202Ey'.repeat(5_000), 1e308, -0.1]

/** A file with one endpoint, for `defaults` to matter, and one setting. */
function fileWith(path: string, value: unknown): string {
  const [section = '', ...rest] = path.split('.')
  const nested = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)
  return `${withEndpoints('{ type: a, url: "https://a.example/" }')}${section}: ${JSON.stringify(nested)}\n`
}

test('the table names every setting', () => {
  const paths = leaves().map(({ path }) => path.join('.'))

  assert.deepEqual(Object.keys(SETTINGS).sort(), paths.sort())
})

for (const [path, { good, bad }] of Object.entries(SETTINGS)) {
  test(`${path} takes what it should`, async () => {
    for (const value of good) await loadText(fileWith(path, value))
  })

  test(`${path} refuses all else, naming itself`, async () => {
    for (const value of [...bad, ...HOSTILE]) {
      const [problem = 'none', ...others] = await problemsOf(fileWith(path, value))

      const shown = JSON.stringify(value).slice(0, 40)
      assert.match(problem, /^payers\.yaml:6 [\w.[\]]+: (expected .+|unknown key "a")/, shown)
      assert.ok(problem.includes(path), `${shown}: ${problem}`)
      assert.deepEqual(others, [], shown)
    }
  })
}

const CLIENT = { token_url: 'https://a.example/token', client_id: 'ops', client_secret: 's' }

const ENDPOINT: Record<string, { good: unknown[]; bad: unknown[] }> = {
  type: { good: ['eligibility', 'Étrange type'], bad: ['', '  ', 5, 'x'.repeat(121)] },
  name: { good: ['realtime', '🏥'], bad: ['', 5, 'x'.repeat(121)] },
  kind: { good: ['http'], bad: ['ftp', 5] },
  via: { good: ['clearinghouse-a'], bad: ['', []] },
  url: {
    good: ['https://a.example/x'],
    bad: ['x', 'ws://a.example', 5, '', 'https://a.example/\n', `https://${'x'.repeat(9_000)}`],
  },
  method: { good: ['GET', 'HEAD', 'POST', 'OPTIONS'], bad: ['get', 'TRACE', 'CONNECT', 'G\nET'] },
  headers: {
    good: [{ A: 'b' }, {}],
    bad: [
      { 'A b': 'c' },
      { A: 5 },
      { A: '\n' },
      { Upgrade: 'x' },
      'A: b',
      { A: 'x'.repeat(9_000) },
    ],
  },
  body: { good: ['', '{}'], bad: [5, {}] },
  auth: {
    good: [
      { basic: { user: 'ops', password: 'a:b é' } },
      { basic: { user: 'ops', password: '' } },
      { bearer: 'abc.def-_~+/==' },
      { header: { name: 'X-Api-Key', value: 'k' } },
      { oauth2: CLIENT },
      {
        oauth2: {
          ...CLIENT,
          scope: 'a/b.read c',
          audience: 'https://a.example',
          auth_style: 'body',
        },
      },
      { oauth2: { ...CLIENT, token_url: 'https://a.example/token?tenant=1' } },
    ],
    bad: [
      {},
      'Bearer x',
      [],
      { basic: { user: 'a', password: 'b' }, bearer: 'c' },
      { basic: { user: 'a:b', password: 'c' } },
      { basic: { user: '', password: 'c' } },
      { basic: { user: 'a', password: 'c\r\nX: y' } },
      { basic: { user: 'a' } },
      { basic: 'a:b' },
      { bearer: '' },
      { bearer: 'a b' },
      { bearer: 'a\r\nX: y' },
      { bearer: 'x'.repeat(9_000) },
      { header: { name: 'A b', value: 'c' } },
      { header: { name: 'User-Agent', value: 'c' } },
      { header: { name: 'Host', value: 'c' } },
      { header: { name: 'Content-Length', value: '5' } },
      { header: { name: 'A', value: 'c\nd' } },
      { oauth2: { ...CLIENT, token_url: '/token' } },
      { oauth2: { ...CLIENT, token_url: 'http://a.example/token' } },
      { oauth2: { ...CLIENT, token_url: 'https://u:p@a.example/token' } },
      { oauth2: { ...CLIENT, token_url: 'https://a.example/token#x' } },
      { oauth2: { ...CLIENT, client_id: '' } },
      { oauth2: { ...CLIENT, client_secret: 'a\nb' } },
      { oauth2: { ...CLIENT, scope: ' a' } },
      { oauth2: { ...CLIENT, scope: 'a  b' } },
      { oauth2: { ...CLIENT, scope: 'é' } },
      { oauth2: { ...CLIENT, auth_style: 'post' } },
      { oauth2: { ...CLIENT, refresh: '5s' } },
      { bearer: 'x', digest: {} },
    ],
  },
  http2: { good: [true, 'false'], bad: ['2', 2, {}] },
  tls: {
    good: [{}, { server_name: 'a.example' }, { skip_verify: true }, { min_version: 'TLSv1.1' }],
    bad: [{ ca: 'absent.pem' }, { verify: false }, 'ca.pem', { server_name: '::1' }, true],
  },
  description: { good: ['x'], bad: ['x'.repeat(501), 5] },
  enabled: { good: [true, 'true'], bad: ['yes', 1] },
  expect: {
    good: [
      { status: 204 },
      { status: ['200-299', 404] },
      { body: 'ok' },
      { json: { '$.a[0].b-c': null, '$.d': 1.5 } },
    ],
    bad: [
      { status: 99 },
      { status: '299-200' },
      { body: '' },
      { json: { a: 1 } },
      { json: { '$.a': {} } },
      { json: 'x' },
      { regex: 'x' },
      'ok',
    ],
  },
  network: { good: ['private'], bad: ['local'] },
  interval: { good: ['60s'], bad: ['1s', 60] },
  timeout: { good: ['1s'], bad: ['0s'] },
  timeouts: { good: [{ dns: '1s' }], bad: [{ dns: 1 }, { total: '1s' }, '1s'] },
  degrade_over: { good: ['1s'], bad: [1] },
  confirm_after: { good: ['60s'], bad: ['1s'] },
  fresh_every: { good: [1], bad: [0] },
  max_body: { good: ['1 MiB'], bad: ['1'] },
  unreviewed: { good: [false], bad: ['no'] },
  judge: { good: [{ window: 2 }, { down_after: 3 }], bad: [{ window: 1 }, { down_after: 4 }, 3] },
}

test('the table names every key of an endpoint', () => {
  assert.deepEqual(Object.keys(ENDPOINT).sort(), Object.keys(Endpoint.shape).sort())
})

for (const [key, { good, bad }] of Object.entries(ENDPOINT)) {
  const fileOf = (value: unknown) =>
    withEndpoints(JSON.stringify({ type: 'a', url: 'https://a.example/', [key]: value }))

  test(`the ${key} of an endpoint takes what it should`, async () => {
    for (const value of good) assert.equal((await loadText(fileOf(value))).endpoints.length, 1)
  })

  test(`the ${key} of an endpoint refuses all else, naming itself`, async () => {
    for (const value of bad) {
      const problems = await problemsOf(fileOf(value))

      const shown = JSON.stringify(value).slice(0, 40)
      assert.equal(problems.length, 1, shown)
      assert.match(
        problems[0] ?? '',
        new RegExp(`^payers\\.yaml:5 payers\\[0\\]\\.endpoints\\[0\\]\\.${key}`),
        shown,
      )
    }
  })
}
