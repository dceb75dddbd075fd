import assert from 'node:assert/strict'
import test from 'node:test'
import { loadText, problemsOf, withEndpoints } from '../../test/corpus/load-text.ts'
import { Endpoint } from './payer-schema.ts'

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
  profile: { good: ['usual'], bad: ['usal', 'constructor', 5, ['usual']] },
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
  log_exchanges: { good: [true, 'false'], bad: ['yes', 1, {}] },
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
      { body: { matches: '^a+$' }, json: { '$.a': { gte: 1 } }, xml: { 'a/b': 'c' } },
      { degrade: { certificate_days: 30, latency: { tls: '1s' } } },
    ],
    bad: [
      { status: 99 },
      { status: '299-200' },
      { body: '' },
      { json: { a: 1 } },
      { json: { '$.a': {} } },
      { body: { matches: '(' } },
      { degrade: { degrade: {} } },
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
  cron: { good: ['0 * * * *'], bad: ['0 * * *', '0 0 30 2 *', '* * * * * *', 5, ['0 * * * *']] },
  time_zone: { good: ['Asia/Kolkata'], bad: ['Moon', 5, ''] },
  quiet_hours: {
    good: [
      { from: '22:00', to: '06:00' },
      [{ from: '00:00', to: '24:00', days: ['sat', 'sun'], time_zone: 'UTC' }],
      { from: '12:00', to: '13:00', days: 'mon' },
      [],
    ],
    bad: [
      { from: '22:00' },
      { from: '22:00', to: '22:00' },
      { from: '24:00', to: '06:00' },
      { from: '25:00', to: '06:00' },
      { from: '9:00', to: '10:00' },
      { from: '00:00', to: '24:00' },
      [
        { from: '00:00', to: '12:00' },
        { from: '12:00', to: '24:00' },
      ],
      { from: '22:00', to: '06:00', days: ['someday'] },
      { from: '22:00', to: '06:00', time_zone: 'Moon' },
      { from: '22:00', to: '06:00', until: '07:00' },
      '22:00-06:00',
      Array(33).fill({ from: '22:00', to: '06:00' }),
    ],
  },
  backoff: {
    good: [{}, { factor: 3 }, { cap: '1h' }, { factor: 1, cap: '7d' }],
    bad: [{ factor: 0 }, { cap: '1s' }, { cap: '4m' }, { base: 2 }, true, 2],
  },
  retry: { good: [{ attempts: 3 }, {}], bad: [{ attempts: 6 }, { retries: 2 }, 2] },
  judge: { good: [{ window: 2 }, { down_after: 3 }], bad: [{ window: 1 }, { down_after: 4 }, 3] },
}

test('the table names every key of an endpoint', () => {
  assert.deepEqual(Object.keys(ENDPOINT).sort(), Object.keys(Endpoint.shape).sort())
})

for (const [key, { good, bad }] of Object.entries(ENDPOINT)) {
  const fileOf = (value: unknown) =>
    `${withEndpoints(JSON.stringify({ type: 'a', url: 'https://a.example/', [key]: value }))}profiles: { usual: { timeout: 5s } }\n`

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
