import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadText } from '../../test/corpus/load-text.ts'
import { aCommandLine } from '../../test/support/fake-io.ts'
import type { Config, Tls } from '../config/config.ts'
import { packSecrets } from '../lib/secret.ts'

const TOKEN = 'token_url: "https://t.example/", client_id: CANARY, client_secret: CANARY'
const MAIN = `version: 1
server: { port: "9000", allowed_hosts: a.example }
hub: { tick: 20ms, max_age: 90m }
limits: { frame_bytes: 2048 B }
probing: { control: ["https://c.example/"], budgets: { host: { per_minute: 6 } } }
auth: { api_keys: [] }
defaults: { timeout: 4s, retry: { delay: 12s }, tls: { min_version: TLSv1.3 }, judge: { window: 5 } }
include: more.yaml
profiles: { often: { network: private, interval: 2s, kind: http, expect: { status: 204 } } }
payers:
  - name: Aetna
    aliases: AET
    identifiers: [{ scheme: x12_payer_id, value: "60054" }]
    time_zone: America/New_York
    endpoints:
      - { type: plain, url: "https://a.example/" }
      - { type: often, url: "http://10.0.0.1/", profile: often }
      - { type: slow, url: "https://a.example/s", timeout: 90s, timeouts: { dns: 1m }, degrade_over: 2s }
      - { type: hasty, url: "https://a.example/h", timeout: 1500ms, timeouts: { tls: 10s } }
      - { type: again, url: "https://a.example/r", retry: { attempts: 3, any_method: true }, max_body: 1024 KiB }
      - { type: cron, url: "https://a.example/c", cron: "0 * * * *" }
      - { type: quiet, url: "https://a.example/q", quiet_hours: { from: "22:00", to: "06:00" }, backoff: { factor: 2 } }
      - { type: rare, url: "https://a.example/w", interval: 2d, backoff: { factor: 1.5 } }
      - { type: token, url: "https://a.example/t", auth: { oauth2: { ${TOKEN} } } }
      - { type: open, url: "https://a.example/o", tls: { min_version: TLSv1.2, skip_verify: true }, http2: true, log_exchanges: true }
      - { type: expecting, url: "https://a.example/e", expect: { json: { "$.a": { gt: 1 } }, degrade: { latency: { tls: 1s } } } }
      - { type: off, url: "https://a.example/x", enabled: false }
`
const MORE = `payers:
  - { name: Aetna, aliases: [Etna], endpoints: [{ type: other, url: "https://a.example/z" }] }
  - { name: Cigna, maintenance: [{ rrule: FREQ=WEEKLY;BYDAY=SU, start_local: "00:00", duration: 6h }], network: private, endpoints: [{ type: login, url: "http://10.0.0.2/", unreviewed: true }] }
`

type Said = { path: string; value: unknown; from: string }
type Part = { id: string; settings: Said[] }
type Printed = { settings: Said[]; payers: Part[]; endpoints: Part[] }

test('what is printed, read as a file, comes to the same configuration', async (t) => {
  const run = await aCommandLine(t, { 'payers.yaml': MAIN, 'more.yaml': MORE })
  const loaded = await loadText(MAIN, { files: { 'more.yaml': MORE } })

  const { out } = await run(['config', 'print', '--json'])
  const printed = await loadText(fileOf(JSON.parse(out)))

  assert.deepEqual(comparable(printed), comparable(loaded))
})

test('each origin holds: without what only the defaults say, the file comes to the same', async (t) => {
  const run = await aCommandLine(t, { 'payers.yaml': MAIN, 'more.yaml': MORE })
  const loaded = await loadText(MAIN, { files: { 'more.yaml': MORE } })

  const { out } = await run(['config', 'print', '--json', '--set'])
  const printed = await loadText(fileOf(JSON.parse(out)))

  assert.deepEqual(comparable(printed), comparable(loaded))
})

test('what follows from another setting is printed as it comes to', async (t) => {
  const run = await aCommandLine(t, { 'payers.yaml': MAIN, 'more.yaml': MORE })

  const { out } = await run(['config', 'print', '--json'])
  const { endpoints, payers } = JSON.parse(out) as Printed
  const of = (id: string, wanted: string) =>
    endpoints
      .find((one) => one.id === `aetna/${id}`)
      ?.settings.flatMap(({ path, value, from }) => (path === wanted ? [value, from] : []))

  assert.deepEqual(of('token', 'auth.oauth2.auth_style'), ['basic', 'default'])
  assert.deepEqual(of('token', 'auth.oauth2.tls.min_version'), ['TLSv1.3', 'payers.yaml:7'])
  assert.deepEqual(of('plain', 'auth.oauth2.auth_style'), [])
  assert.deepEqual(of('plain', 'expect.status'), ['200-399', 'default'])
  assert.deepEqual(of('plain', 'time_zone'), ['America/New_York', 'payers.yaml:14'])
  assert.deepEqual(of('hasty', 'timeouts.tls'), ['1500ms', 'payers.yaml:19 (bounded)'])
  assert.deepEqual(of('slow', 'timeouts.first_byte'), ['90s', 'default'])
  assert.deepEqual(of('again', 'confirm_after'), ['3m', 'default'])
  assert.deepEqual(of('again', 'max_body'), ['1024 KiB', 'payers.yaml:20'])
  assert.deepEqual(of('quiet', 'backoff.cap'), ['1h', 'default'])
  assert.deepEqual(of('rare', 'backoff.cap'), ['2d', 'default'])
  assert.deepEqual(of('plain', 'backoff.factor'), [])
  assert.deepEqual(of('cron', 'interval'), [])
  assert.deepEqual(
    payers[0]?.settings.map(({ path, from }) => [path, from]),
    [
      ['name', 'payers.yaml:11, more.yaml:2'],
      ['aliases', 'payers.yaml:12, more.yaml:2'],
      ['identifiers', 'payers.yaml:13'],
      ['time_zone', 'payers.yaml:14'],
    ],
  )
})

test('of a file of the original’s format the intervals are its own', async (t) => {
  const file = `payers:
  - name: Aetna
    endpoints:
      - { type: a, url: "https://a.example/", schedule: 30s }
      - { type: b, url: "https://b.example/", timeout: 5s }
`
  const run = await aCommandLine(t, { 'payers.yaml': file })

  const { out } = await run(['config', 'print'])

  assert.match(out, /interval: 1m +# payers\.yaml:4 \(bounded\)\n {4}timeout: 20s +# default/)
  assert.match(out, /interval: 15m +# default\n {4}timeout: 5s +# payers\.yaml:5\n/)
})

/** A file that says what was printed, secrets put back. */
function fileOf({ settings, payers, endpoints }: Printed): string {
  const whole = {
    version: 1,
    ...nested(settings.filter(({ path }) => !path.startsWith('defaults.'))),
    payers: payers.map(({ id, settings }) => ({
      ...nested(settings),
      endpoints: endpoints
        .filter((one) => one.id.startsWith(`${id}/`))
        .map((one) => nested(one.settings.filter(({ path }) => path !== 'profile'))),
    })),
  }
  return JSON.stringify(whole)
    .replaceAll('"token_url":"[secret]"', '"token_url":"https://t.example/"')
    .replaceAll('[secret]', 'CANARY')
}

function nested(said: readonly Said[]): Record<string, unknown> {
  const whole: Record<string, unknown> = {}
  for (const { path, value } of said) {
    const steps = path.split('.')
    let inner = whole
    for (const step of steps.slice(0, -1)) {
      inner[step] ??= {}
      inner = inner[step] as Record<string, unknown>
    }
    inner[steps.at(-1) ?? ''] = value
  }
  return whole
}

/** Without where it was read from, and with what is meant where nothing is said. */
function comparable({ source, files, warnings, endpoints, ...config }: Config): unknown {
  return packSecrets({
    ...config,
    endpoints: endpoints.map((endpoint) => ({
      ...endpoint,
      expect: { status: [[200, 399]], ...endpoint.expect },
      tls: withUsual(endpoint.tls),
      oauth2: endpoint.oauth2 && { ...endpoint.oauth2, tls: withUsual(endpoint.oauth2.tls) },
    })),
  })
}

function withUsual(tls: Tls | undefined): unknown {
  return { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', skipVerify: false, ...tls, id: '' }
}
