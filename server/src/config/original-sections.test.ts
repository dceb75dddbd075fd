import assert from 'node:assert/strict'
import test from 'node:test'
import { loadText } from '../../test/corpus/load-text.ts'

const PAYERS =
  'payers: [{ name: Alpha, endpoints: [{ type: login, url: "https://alpha.example/" }] }]\n'

test('what its sections say of what we have too is taken', async () => {
  const config = await loadText(
    `server: { host: 0.0.0.0, port: 9001 }\nmetrics: { port: 9002 }\nlogging: { level: warn }\n${PAYERS}`,
  )

  assert.deepEqual([config.server.host, config.server.port], ['0.0.0.0', 9001])
  assert.equal(config.metrics.port, 9002)
  assert.equal(config.log.level, 'warn')
  assert.deepEqual(config.warnings, [])
})

test('its WebSocket port is our only one, and a variable or flag goes before it', async () => {
  const text = `server: { port: 9001 }\nwebsocket: { port: 9003 }\n${PAYERS}`

  const written = await loadText(text)
  const told = await loadText(text, { flags: { 'server.port': '9009' } })

  assert.equal(written.server.port, 9003)
  assert.equal(told.server.port, 9009)
})

const warned: Record<string, [string, string]> = {
  'sections without a counterpart, once each': [
    'tls: { cert: a.pem, key: b.pem }\nrate_limiting: { rps: 5 }\n',
    'payers.yaml:1 tls: has no counterpart for cert, key, ignored; a proxy in front ends TLS|payers.yaml:2 rate_limiting: has no counterpart for rps, ignored; see limits in docs/configuration.md',
  ],
  'keys that we do not have': [
    'server: { port: 9001, read_timeout: 5s }\n',
    'payers.yaml:1 server: has no counterpart for read_timeout, ignored',
  ],
  'a value that is none': [
    'metrics: { port: eighty }\n',
    'payers.yaml:1 metrics: has no counterpart for port, ignored',
  ],
  'a reference, which is not filled in here': [
    'server: { host: "${HOST}" }\n',
    'payers.yaml:1 server: has no counterpart for host, ignored',
  ],
  'a section that is a list': [
    'logging: [debug]\n',
    'payers.yaml:1 logging: expected a mapping, got a list; ignored',
  ],
  'names that would disturb a terminal': [
    'tls: { "\\e[31m": 1, __proto__: 2 }\n',
    'payers.yaml:1 tls: has no counterpart for \\u001b[31m, __proto__, ignored; a proxy in front ends TLS',
  ],
}

for (const [what, [sections, warnings]] of Object.entries(warned))
  test(`${what}: told, and ignored`, async () => {
    const config = await loadText(sections + PAYERS)

    assert.equal(config.endpoints.length, 1)
    assert.deepEqual(config.warnings, warnings.split('|'))
  })
