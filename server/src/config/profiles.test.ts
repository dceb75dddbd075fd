import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ConfigError } from '../lib/errors.ts'
import { loadConfig } from './load.ts'

const PROFILES = `version: 1
profiles:
  json-api:
    timeout: 7s
    degrade_over: 2s
    timeouts: { dns: 1s, connect: 1s }
    headers: { Authorization: "Bearer \${TOKEN}", Accept: application/json }
    expect: { status: 200, json: { "$.status": active } }
  slow: { timeout: 60s, interval: 30m }
`
const URL_OF = 'https://payer.example'

async function load(t: TestContext, files: Record<string, string>) {
  const cwd = await mkdtemp(join(tmpdir(), 'payer-status-profiles-'))
  t.after(() => rm(cwd, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text)
  const env = { TOKEN: 'very-secret' }
  return await loadConfig({ path: 'main.yaml', cwd, env, flags: {}, shipped: '' })
}

function payer(endpoint: string): string {
  return `payers:\n  - { name: Aetna, endpoints: [${endpoint}] }\n`
}

test('an endpoint has what its profile says, and its own word counts more', async (t) => {
  const own = `{ type: api, url: "${URL_OF}/", profile: json-api, timeout: 5s, timeouts: { dns: 500ms }, headers: { authorization: mine }, expect: { body: ok } }`

  const { endpoints } = await load(t, { 'main.yaml': PROFILES + payer(own) })
  const [endpoint] = endpoints

  assert.equal(endpoint?.timeouts.total, 5_000)
  assert.equal(endpoint?.timeouts.dns, 500)
  assert.equal(endpoint?.timeouts.connect, 1_000)
  assert.equal(endpoint?.degradeOver, 2_000)
  assert.deepEqual(
    endpoint?.headers.map(([name, value]) => [name, value.reveal()]),
    [
      ['Accept', 'application/json'],
      ['authorization', 'mine'],
    ],
  )
  assert.deepEqual(endpoint?.expect, {
    status: [[200, 200]],
    body: 'ok',
    json: [['$.status', 'active']],
  })
})

test('what a profile fills in stays secret, and reaches the request', async (t) => {
  const own = `{ type: api, url: "${URL_OF}/", profile: json-api }`

  const { endpoints } = await load(t, { 'main.yaml': PROFILES + payer(own) })

  assert.equal(endpoints[0]?.headers[0]?.[1].reveal(), 'Bearer very-secret')
  assert.doesNotMatch(JSON.stringify(endpoints), /very-secret/)
})

test('files that are included use the profiles of the main file', async (t) => {
  const { endpoints } = await load(t, {
    'main.yaml': `${PROFILES}include: more.yaml\n`,
    'more.yaml': payer(`{ type: login, url: "${URL_OF}/", profile: slow }`),
  })

  assert.equal(endpoints[0]?.timeouts.total, 60_000)
  assert.equal(endpoints[0]?.interval, 1_800_000)
})

const wrong: Record<string, [string, RegExp]> = {
  'a profile that is not there': [
    PROFILES + payer(`{ type: login, url: "${URL_OF}/", profile: jsonapi }`),
    /^main\.yaml:\d+ payers\[0\]\.endpoints\[0\]\.profile: expected the name of a profile, got "jsonapi", did you mean "json-api"\?$/,
  ],
  'a profile where there is none': [
    `version: 1\n${payer(`{ type: login, url: "${URL_OF}/", profile: slow }`)}`,
    /expected no profile, for there is none, got "slow"$/,
  ],
  'a value in a profile': [
    'version: 1\nprofiles:\n  slow:\n    timeout: soon\n',
    /^main\.yaml:4 profiles\.slow\.timeout: expected a duration such as "30s" or "5m", got "soon"$/,
  ],
  'an address in a profile': [
    `version: 1\nprofiles:\n  slow: { url: "${URL_OF}/" }\n`,
    /^main\.yaml:3 profiles\.slow\.url: unknown key "url"/,
  ],
  'profiles that are a list': [
    'version: 1\nprofiles: [slow]\n',
    /^main\.yaml:2 profiles: expected a mapping, got a list$/,
  ],
  'a profile that is a prototype': [
    PROFILES + payer(`{ type: login, url: "${URL_OF}/", profile: __proto__ }`),
    /expected the name of a profile, got "__proto__"$/,
  ],
}

for (const [what, [text, message]] of Object.entries(wrong))
  test(`${what} is told with its place`, async (t) => {
    await assert.rejects(load(t, { 'main.yaml': text }), (error: unknown) => {
      assert.ok(error instanceof ConfigError)
      assert.match(error.problems[0] ?? '', message)
      return true
    })
  })
