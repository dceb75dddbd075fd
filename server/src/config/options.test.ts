import assert from 'node:assert/strict'
import test from 'node:test'
import { loadText, problemsOf, withEndpoints } from '../../test/corpus/load-text.ts'
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
  'store.url': {
    good: [
      'memory:',
      'sqlite:a.db',
      'sqlite:/var/lib/a b.db',
      'postgres://u:p@h:5/d?sslmode=require',
    ],
    bad: ['', 'a.db', 'sqlite:', 'mysql://h/d', 'memory', 'postgres://', 5],
  },
  'store.results_for': { good: ['1h', '400d'], bad: ['59m', '401d', 7] },
  'store.five_minutes_for': { good: ['1d', '400d'], bad: ['23h', '401d'] },
  'store.history_for': { good: ['1d', '10000d'], bad: ['23h', '10001d', 'ever'] },
  'store.max_size': { good: ['16 MiB', '1000000 GiB'], bad: ['15 MiB', '1000001 GiB', 1] },
  'store.queue': { good: [1_000, 10_000_000, '5000'], bad: [999, 10_000_001, 1_000.5] },
  'gateway.threads': { good: [1, 2, 64], bad: [0, 65, 1.5, 'many'] },
  'hub.heartbeat': { good: ['100ms', '5m'], bad: ['99ms', '6m'] },
  'hub.max_age': { good: ['0s', '7d'], bad: ['8d', 'never'] },
  'hub.canary': { good: [false, 'true'], bad: ['yes', 1, 'no'] },
  'hub.remember': { good: ['0s', '30d'], bad: ['31d'] },
  'probing.concurrency': { good: [1, 10_000], bad: [0, 10_001] },
  'probing.user_agent_contact': {
    good: ['mailto:a@b.example', ''],
    bad: ['a\r\nb', 'é', 'x'.repeat(201)],
  },
  'probing.vantage': { good: ['us-east', '1'], bad: ['', 'US', '-a', 'a b', 'x'.repeat(64)] },
  'probing.control': { good: ['https://a.example/', []], bad: ['a', 'ftp://a.example'] },
  'probing.host_concurrency': { good: [1, 1_000], bad: [0, 1_001] },
  'probing.budgets.host.concurrent': { good: [1, 1_000, '2'], bad: [0, 1_001, 1.5] },
  'probing.budgets.host.per_minute': { good: [1, 60_000], bad: [0, 60_001, 'many'] },
  'probing.budgets.payer.concurrent': { good: [1, 1_000], bad: [0, 1_001, '-1'] },
  'probing.budgets.payer.per_minute': { good: [1, 60_000, '6'], bad: [0, 60_001] },
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
  'defaults.cron': {
    good: ['*/15 8-18 * * 1-5', '0 9 * * MON', '0 */5 * * * *', '0 0 29 2 *'],
    bad: ['* * * *', '@daily', '? * * * *', '60 * * * *', '0 0 31 2 *', '*/10 * * * * *', '', 5],
  },
  'defaults.time_zone': { good: ['America/New_York', 'UTC'], bad: ['Mars/Base', '', 5] },
  'defaults.backoff.factor': { good: [1, 10, 1.5, '2.5'], bad: [0.9, 11, 'twice', '-2'] },
  'defaults.backoff.cap': { good: ['5m', '7d'], bad: ['8d', 60, '0s'] },
  'defaults.judge.window': { good: [2, 20], bad: [0, 21] },
  'defaults.judge.down_after': { good: [1, 3], bad: [0, 21] },
  'defaults.judge.recover_after': { good: [1, 3], bad: [0, 21] },
  'defaults.retry.attempts': { good: [1, 5], bad: [0, 6] },
  'defaults.retry.delay': { good: ['10ms', '1m'], bad: ['9ms', '61s'] },
  'defaults.retry.max_delay': { good: ['10ms', '5m'], bad: ['9ms', '301s'] },
  'defaults.retry.degrade_after_retry': { good: [true, 'false'], bad: ['yes', 1] },
  'defaults.retry.any_method': { good: [true, 'false'], bad: ['yes', 1] },
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
