import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { loadText, problemsOf, tempDirectory } from '../../test/corpus/load-text.ts'
import { loadConfig } from './load.ts'

const MINIMAL = 'version: 1\npayers: []\n'

test('the file is the named one, else the variable, else the original variable, else payers.yaml, else the shipped one', async () => {
  await using directory = await tempDirectory()
  for (const name of ['flag', 'ours', 'theirs', 'payers', 'shipped'])
    await directory.write(`${name}.yaml`, MINIMAL)
  const shipped = join(directory.path, 'shipped.yaml')
  const cwd = directory.path
  const env = { PAYER_STATUS_CONFIG: 'ours.yaml', CONFIG_PATH: 'theirs.yaml' }
  const source = async (path: string | undefined, env: Record<string, string>, cwd: string) =>
    (await loadConfig({ path, cwd, env, flags: {}, shipped })).source

  assert.equal(await source('flag.yaml', env, cwd), 'flag.yaml')
  assert.equal(await source(undefined, env, cwd), 'ours.yaml')
  assert.equal(await source(undefined, { CONFIG_PATH: 'theirs.yaml' }, cwd), 'theirs.yaml')
  assert.equal(await source(undefined, { PAYER_STATUS_CONFIG: '' }, cwd), 'payers.yaml')
  assert.equal(await source(undefined, {}, join(cwd, 'elsewhere')), shipped)
})

test('a file that is not there is one clear sentence', async () => {
  const options = { cwd: '/', env: {}, flags: {}, shipped: '' }

  await assert.rejects(loadConfig({ ...options, path: 'absent/payers.yaml' }), {
    problems: ['absent/payers.yaml: the file does not exist'],
  })
  await assert.rejects(loadConfig({ ...options, path: '/' }), {
    problems: ['/: the file is a directory, not a file'],
  })
})

test('a flag goes before a variable, ours before the original one, that before the file, that before the default', async () => {
  const file = 'version: 1\nserver: { port: 1 }\n'
  const env = { WS_PORT: '2' }
  const port = async (text: string, around: object) => (await loadText(text, around)).server.port

  assert.equal(await port(MINIMAL, {}), 8080)
  assert.equal(await port(file, {}), 1)
  assert.equal(await port(file, { env }), 2)
  assert.equal(await port(file, { env: { ...env, PAYER_STATUS_SERVER_PORT: '3' } }), 3)
  assert.equal(
    await port(file, {
      env: { ...env, PAYER_STATUS_SERVER_PORT: '3' },
      flags: { 'server.port': '4' },
    }),
    4,
  )
})

test('settings of every kind come from variables and flags', async () => {
  const config = await loadText(MINIMAL, {
    env: {
      PAYER_STATUS_LIMITS_MAX_CONNECTIONS: '5',
      PAYER_STATUS_HUB_TICK: '20ms',
      PAYER_STATUS_LIMITS_FRAME_BYTES: '2 KiB',
      PAYER_STATUS_SERVER_ALLOWED_HOSTS: 'status.example',
      PAYER_STATUS_SERVER_HOST: '',
      LOG_LEVEL: 'warn',
      METRICS_PORT: '9191',
      UNRELATED: 'x',
    },
    flags: { 'server.host': '0.0.0.0' },
  })

  assert.equal(config.limits.maxConnections, 5)
  assert.equal(config.hub.tick, 20)
  assert.equal(config.limits.frameBytes, 2048)
  assert.deepEqual(config.server.allowedHosts, ['status.example'])
  assert.equal(config.server.host, '0.0.0.0')
  assert.equal(config.log.level, 'warn')
  assert.equal(config.metrics.port, 9191)
})

test('what is wrong in variables and flags is told by their name, together with what is wrong in the file', async () => {
  const problems = await problemsOf('version: 1\nhub: { tick: never }\n', {
    env: { PAYER_STATUS_SERVER_PROT: '1', PAYER_STATUS_LOG_LEVEL: 'loud', METRICS_PORT: 'x' },
    flags: { 'server.port': 'abc', 'server.prot': '1' },
  })

  assert.deepEqual(problems, [
    'PAYER_STATUS_SERVER_PROT: no setting has this name, did you mean "PAYER_STATUS_SERVER_PORT"?',
    '--server-prot: no setting has this name',
    '--port: expected a whole number from 0 to 65535, got "abc"',
    'METRICS_PORT: expected a whole number from 0 to 65535, got "x"',
    'PAYER_STATUS_LOG_LEVEL: expected "debug", "info", "warn" or "error", got "loud"',
    'payers.yaml:2 hub.tick: expected a duration such as "30s" or "5m", got "never"',
  ])
})

test('a value from outside is never substituted', async () => {
  const config = await loadText(MINIMAL, {
    env: { PAYER_STATUS_PROBING_USER_AGENT_CONTACT: `\${HOME}`, HOME: '/root' },
  })

  assert.equal(config.probing.userAgentContact, `\${HOME}`)
})

test('variables and secret files are filled into texts, numbers and switches', async () => {
  const text = `version: 1
server: { port: "\${PORT}" }
payers:
  - name: Aetna
    endpoints:
      - type: eligibility
        enabled: "\${ON}"
        url: "\${ELIG_URL:?set it}/status"
        headers: { Authorization: "Bearer \${file:secrets/token}" }
        expect: { status: "\${STATUS}" }
`
  const config = await loadText(text, {
    env: { PORT: '81', ON: 'true', ELIG_URL: 'https://aetna.example', STATUS: '204' },
    files: { 'secrets/token': 'abc\r\n' },
  })

  const [endpoint] = config.endpoints
  assert.equal(config.server.port, 81)
  assert.equal(endpoint?.url.reveal(), 'https://aetna.example/status')
  assert.equal(endpoint?.headers[0]?.[1].reveal(), 'Bearer abc')
  assert.deepEqual(endpoint?.expect.status, [[204, 204]])
})

test('every file that was read is listed, secret files and searched directories too', async () => {
  const config = await loadText(
    `version: 1\ninclude: "payers.d/*.yaml"\nlog: { level: "\${file:level}" }\n`,
    { files: { level: 'warn', 'payers.d/a.yaml': 'payers: []', 'payers.d/b.txt': 'no' } },
  )

  const names = config.files.map(({ path }) => path.replace(/^.*?payer-status-[^/]*\//, ''))
  assert.deepEqual(names, ['payers.yaml', 'payers.d', 'payers.d/a.yaml', 'level'])
  assert.equal(config.log.level, 'warn')
})

test('a file without payers starts, with a warning', async () => {
  const config = await loadText(MINIMAL)

  assert.deepEqual(config.warnings, ['payers.yaml: no endpoint is watched'])
})

test('a key without a value is as good as absent, but for an expected null', async () => {
  const config = await loadText(`version: 1
server:
payers:
  - name: Aetna
    aliases:
    endpoints: [ { type: login, url: "https://aetna.example/", expect: { json: { "$.error": null } } } ]
`)

  assert.equal(config.server.port, 8080)
  assert.deepEqual(config.endpoints[0]?.expect.json, [['$.error', null]])
})
