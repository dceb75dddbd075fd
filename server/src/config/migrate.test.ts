import assert from 'node:assert/strict'
import test from 'node:test'
import * as fc from 'fast-check'
import { loadText } from '../../test/corpus/load-text.ts'
import { packSecrets } from '../lib/secret.ts'
import { migrate } from './migrate.ts'

const OLD = `# Our payers, kept by Kim.

server: { port: 9001, read_timeout: 5s } # behind nginx
logging:
  level: warn
tls: { cert: a.pem }
payers:
  # the big one
  - name: Alpha
    reviewer: Kim
    base_url: $BASE
    endpoints:
      - type: login # the portal
        path: /login
        schedule: 5m
        method: post
        headers: { X-Key: $KEY, Y: "\${process.env.KEY}" }
        body: 'query($ID: X) \${KEY}'
      - { type: api, url: "https://api.example/#top", schedule: 1h30m }
      - { type: fhir, url: "https://fhir.example/" }
      - { type: claims, url_contains: claims }
`

function migrated(text: string) {
  const result = migrate(text)
  if (Array.isArray(result)) throw new Error(JSON.stringify(result))
  return result
}

test('comments, order and everything that means the same stay', () => {
  const { text } = migrated(OLD)

  assert.equal(
    text,
    `# Our payers, kept by Kim.

version: 1
defaults:
  interval: 15m
server: { port: 9001 } # behind nginx
payers:
  # the big one
  - name: Alpha
    base_url: \${BASE}
    endpoints:
      - type: login # the portal
        url: /login
        interval: 5m
        method: POST
        headers: { X-Key: "\${KEY}", Y: "\${KEY}" }
        body: 'query($ID: X) \${KEY}'
      - { type: api, url: "https://api.example/", interval: 1h30m }
      - { type: fhir, url: "https://fhir.example/" }
      - { type: claims, enabled: false }
log:
  level: warn
`,
  )
})

test('what is left out, raised or switched off is told', () => {
  const { notes } = migrated(OLD.replace('schedule: 5m', 'schedule: 10s'))

  assert.deepEqual(notes, [
    'server: has no counterpart for read_timeout, ignored',
    'tls: has no counterpart for cert, ignored; a proxy in front ends TLS',
    'payers[0].reviewer: unknown, left out',
    'payers[0].endpoints[0]: interval: was 10s, which is out of bounds; now 1m',
    'payers[0].endpoints[3]: only a part of its address is known: switched off',
  ])
})

test('the result is probed as the original was', async () => {
  const env = { BASE: 'https://alpha.example', KEY: 'k' }

  const before = await loadText(OLD, { env })
  const after = await loadText(migrated(OLD).text, { env })
  const probed = before.endpoints.filter(({ notProbeable }) => notProbeable === undefined)
  const told = ({ endpoints }: Pick<typeof before, 'endpoints'>) =>
    endpoints.map(({ id, url, method, interval, timeouts, headers, body }) => {
      const secrets = headers.map(([name, value]) => [name, value.reveal()])
      return [id, url.reveal(), method, interval, timeouts.total, secrets, body?.reveal()]
    })

  assert.deepEqual(told(after), told({ endpoints: probed }))
  assert.deepEqual(after.server, before.server)
  assert.equal(after.log.level, before.log.level)
})

const refused: Record<string, [string, number, RegExp]> = {
  'what is no YAML': ['payers: [', 1, /./],
  'a file without payers': ['server: { port: 1 }', 1, /^expected a list "payers"/],
  'a file in our format': ['# x\nversion: 1\npayers: []', 2, /^it is in our format/],
  'a list': ['- a', 1, /^expected a list "payers"/],
}

for (const [what, [text, line, message]] of Object.entries(refused))
  test(`${what} is refused`, () => {
    const result = migrate(text)

    assert.ok(Array.isArray(result))
    assert.equal(result[0]?.line, line)
    assert.match(result[0]?.message ?? '', message)
  })

test('whatever stands in such a file, the result is YAML with a version', async () => {
  const endpoint = fc.dictionary(
    fc.constantFrom('type', 'url', 'path', 'url_contains', 'schedule', 'timeout', 'body', 'x'),
    fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.dictionary(fc.string(), fc.string())),
  )
  const file = fc.record({
    payers: fc.array(
      fc.record({ name: fc.string(), endpoints: fc.array(endpoint, { maxLength: 3 }) }),
      { maxLength: 3 },
    ),
    server: fc.anything({ maxDepth: 1 }),
  })
  await fc.assert(
    fc.property(file, (value) => {
      const result = migrate(JSON.stringify(value))

      if (Array.isArray(result)) return
      assert.match(result.text, /^"?version"?: 1$/m)
    }),
    { numRuns: 200 },
  )
})

test('what comes out is read as the file itself was: intervals for each attempt, one proof, no variables of ours', async () => {
  const old = `payers:
  - name: "Alpha \${X}"
    base_url: "https://alpha.example"
    endpoints:
      - type: "login \${X}"
        path: /in
        schedule: 30s
        expect_body: "a\${X}"
        expect_json: { a: "\${X}" }
        retry: { attempts: 3 }
      - type: api
        path: /api
        headers: { authorization: "Bearer \${X}" }
        auth: { username: u, password: p }
`
  const { text, notes } = migrated(old)

  const options = { env: { X: 'filled' } }
  const before = await loadText(old, options)
  const after = await loadText(text, options)

  assert.deepEqual(after.payers, before.payers)
  assert.deepEqual(packSecrets(after.endpoints), packSecrets(before.endpoints))
  assert.deepEqual(notes, [
    'payers[0].endpoints[0]: interval: was 30s, which is out of bounds; now 3m',
    'payers[0].endpoints[1]: auth: beside a header Authorization, left out',
  ])
})
