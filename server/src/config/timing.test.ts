import assert from 'node:assert/strict'
import test from 'node:test'
import { loadText, problemsOf } from '../../test/corpus/load-text.ts'

/** A file with one endpoint, its payer's zone and defaults; all in flow YAML. */
const fileOf = (keys: string, { defaults = '{}', zone = '' } = {}) => `version: 1
defaults: ${defaults}
payers:
  - name: Aetna
    ${zone === '' ? '' : `time_zone: ${zone}`}
    endpoints:
      - { type: login, url: "https://aetna.example/login", ${keys} }
`

async function timingWith(keys: string, around = {}) {
  const [endpoint] = (await loadText(fileOf(keys, around))).endpoints
  assert.ok(endpoint)
  const { interval, cron, quietHours, backoff } = endpoint
  return { interval, cron, quietHours, backoff }
}

const HOURLY = '0 * * * *'

const ZONES: [string, string, object][] = [
  ['UTC', `cron: "${HOURLY}"`, {}],
  ['Asia/Tokyo', `cron: "${HOURLY}"`, { defaults: '{ time_zone: Asia/Tokyo }' }],
  [
    'Asia/Kolkata',
    `cron: "${HOURLY}"`,
    { defaults: '{ time_zone: Asia/Tokyo }', zone: 'Asia/Kolkata' },
  ],
  ['Europe/London', `cron: "${HOURLY}", time_zone: Europe/London`, { zone: 'Asia/Kolkata' }],
]

for (const [timeZone, keys, around] of ZONES)
  test(`the cron of { ${keys} } with ${JSON.stringify(around)} is of ${timeZone}`, async () => {
    const { cron, interval } = await timingWith(keys, around)

    assert.deepEqual(cron, { expression: HOURLY, timeZone })
    assert.equal(interval, 3_600_000)
  })

test('the nearer of cron and interval counts', async () => {
  const hourly = { defaults: `{ cron: "${HOURLY}" }` }

  assert.equal((await timingWith('interval: 2m', hourly)).cron, undefined)
  assert.equal((await timingWith('interval: 2m', hourly)).interval, 120_000)
  assert.equal((await timingWith('', hourly)).cron?.expression, HOURLY)
  assert.equal(
    (await timingWith(`cron: "${HOURLY}"`, { defaults: '{ interval: 2m }' })).interval,
    3_600_000,
  )
})

test('quiet hours are every day’s and in the endpoint’s zone unless they say otherwise', async () => {
  const { quietHours } = await timingWith(
    'quiet_hours: [{ from: "22:00", to: "06:00" }, { from: "00:00", to: "24:00", days: sun, time_zone: UTC }]',
    { zone: 'America/Chicago' },
  )

  assert.deepEqual(quietHours, [
    { from: 1_320, to: 360, days: [0, 1, 2, 3, 4, 5, 6], timeZone: 'America/Chicago' },
    { from: 0, to: 1_440, days: [0], timeZone: 'UTC' },
  ])
})

test('an endpoint may have none of the quiet hours of defaults', async () => {
  const nights = { defaults: '{ quiet_hours: { from: "22:00", to: "06:00" } }' }

  assert.equal((await timingWith('', nights)).quietHours?.length, 1)
  assert.equal((await timingWith('quiet_hours: []', nights)).quietHours, undefined)
})

test('what a backoff leaves open comes from defaults, else it doubles up to an hour or the interval', async () => {
  const slow = { defaults: '{ backoff: { cap: 6h } }' }

  assert.equal((await timingWith('')).backoff, undefined)
  assert.deepEqual((await timingWith('backoff: {}')).backoff, { factor: 2, cap: 3_600_000 })
  assert.deepEqual((await timingWith('backoff: { factor: 3 }', slow)).backoff, {
    factor: 3,
    cap: 21_600_000,
  })
  assert.equal((await timingWith('backoff: {}, interval: 2h')).backoff?.cap, 7_200_000)
})

const WRONG: [string, object, string][] = [
  [
    'interval: 2m, cron: "0 * * * *"',
    {},
    'payers.yaml:7 payers[0].endpoints[0].cron: expected either cron or interval, got "0 * * * *"',
  ],
  [
    '',
    { defaults: '{ interval: 2m, cron: "0 * * * *" }' },
    'payers.yaml:2 defaults.cron: expected either cron or interval, got "0 * * * *"',
  ],
  [
    'cron: "*/30 * * * * *"',
    {},
    'payers.yaml:7 payers[0].endpoints[0].cron: expected at least 60s between its times on a public network, got "*/30 * * * * *"',
  ],
  [
    'cron: "61 * * * *"',
    {},
    'payers.yaml:7 payers[0].endpoints[0].cron: expected a cron expression such as "*/15 8-18 * * 1-5", got "61 * * * *"',
  ],
  [
    'backoff: { cap: 1m }',
    {},
    'payers.yaml:7 payers[0].endpoints[0].backoff: expected a cap of at least the interval (300s)',
  ],
  [
    'quiet_hours: { from: "00:00", to: "24:00" }',
    {},
    'payers.yaml:7 payers[0].endpoints[0].quiet_hours: expected quiet hours that leave some time in between',
  ],
  [
    'quiet_hours: { from: "22:00", to: "6:00" }',
    {},
    'payers.yaml:7 payers[0].endpoints[0].quiet_hours.to: expected a time of day such as "22:00", got "6:00"',
  ],
]

for (const [keys, around, problem] of WRONG)
  test(`{ ${keys} } with ${JSON.stringify(around)} is refused`, async () => {
    assert.deepEqual(await problemsOf(fileOf(keys, around)), [problem])
  })

test('seconds are for private networks', async () => {
  const { interval } = await timingWith('cron: "*/30 * * * * *", network: private')

  assert.equal(interval, 30_000)
})
