import assert from 'node:assert/strict'
import test from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { loadText, problemsOf } from '../../test/corpus/load-text.ts'
import { anyCharacter } from '../../test/support/any-character.ts'

/** What must never be seen. Each place where a secret can stand has its own. */
const CANARY = 'CANARY7f3a'

const BROKEN: [string, string][] = [
  ['an address with user information', `{ type: a, url: "https://u:${CANARY}@a.example/" }`],
  ['an address with a query', `{ type: a, url: "ftp://a.example/?key=${CANARY}" }`],
  ['an address with a fragment', `{ type: a, url: "https://a.example/#${CANARY}" }`],
  ['an address that is none', `{ type: a, url: "${CANARY}" }`],
  ['an address that is a list', `{ type: a, url: [ "${CANARY}" ] }`],
  [
    'a header value with a line break',
    `{ type: a, url: "https://a.example/", headers: { A: "x\\n${CANARY}" } }`,
  ],
  ['headers that are text', `{ type: a, url: "https://a.example/", headers: "A: ${CANARY}" }`],
  ['headers that are a list', `{ type: a, url: "https://a.example/", headers: [ "${CANARY}" ] }`],
  [
    'a header whose name is wrong',
    `{ type: a, url: "https://a.example/", headers: { "A ${CANARY}": x } }`,
  ],
  [
    'a header that is a list',
    `{ type: a, url: "https://a.example/", headers: { A: [ ${CANARY} ] } }`,
  ],
  ['a body that is a mapping', `{ type: a, url: "https://a.example/", body: { a: ${CANARY} } }`],
  ['a body that is a number', '{ type: a, url: "https://a.example/", body: 73577357 }'],
  ['an endpoint that is an address', `"https://a.example/?key=${CANARY}"`],
  ['an endpoint that is text', `"Bearer ${CANARY}"`],
  ['a broken quote', `{ type: a, headers: { A: "${CANARY} }`],
  ['a header given twice', `{ type: a, headers: { "A b": ${CANARY}, "A b": ${CANARY} } }`],
  ['an unknown tag', `{ type: a, body: !${CANARY} x }`],
  ['an alias to nothing', `{ type: a, body: *${CANARY} }`],
]

for (const [what, endpoint] of BROKEN)
  test(`a mistake in ${what} is told without the secret`, async () => {
    const text = `version: 1\npayers:\n  - name: Aetna\n    endpoints:\n      - ${endpoint}\n`

    const problems = (await problemsOf(text)).join('\n')

    assert.match(problems, /^payers\.yaml:[56]/)
    assert.doesNotMatch(problems, new RegExp(`${CANARY}|73577357`))
  })

test('a mistake in the hash of a key, or keys that are text, are told without it', async () => {
  const keys = [`[ { name: ops, hash: ${CANARY}, scopes: [ write ] } ]`, CANARY, `[ "${CANARY}" ]`]
  for (const api_keys of keys) {
    const problems = await problemsOf(`version: 1\nauth: { api_keys: ${api_keys} }\n`)

    assert.equal(problems.length, 1)
    assert.doesNotMatch(problems.join(), new RegExp(CANARY))
  }
})

test('what a variable or a secret file holds is in no message', async () => {
  const text = `version: 1
log: { level: "\${SECRET}" }
probing: { vantage: "\${file:secret}" }
payers:
  - name: Aetna
    time_zone: "\${SECRET}"
    endpoints:
      - { type: a, url: "\${SECRET}", interval: "\${SECRET}" }
      - { type: b, url: "https://a.example/\${file:secret}", headers: { A: "\${SECRET}\\n" } }
`
  const problems = await problemsOf(text, {
    env: { SECRET: CANARY },
    files: { secret: `${CANARY}\n\n` },
  })

  assert.equal(problems.length, 7)
  assert.doesNotMatch(problems.join('\n'), new RegExp(CANARY))
})

test('in the original format no warning shows an address, a header or a value', async () => {
  const config = await loadText(
    `payers:
  - name: Alpha
    endpoints:
      - { type: a, url: "https://u:${CANARY}@a.example/?k=${CANARY}", headers: { "A ${CANARY}": x } }
      - { type: b, path: "${CANARY}", headers: { A: "x\\n${CANARY}" } }
      - { type: c, url_contains: "${CANARY}" }
      - { type: d, url: "$SECRET" }
`,
    { env: { SECRET: CANARY } },
  )

  assert.equal(config.warnings.length, 6)
  assert.doesNotMatch(config.warnings.join('\n'), new RegExp(CANARY))
})

test('a loaded configuration can be printed without its secrets', async () => {
  const config = await loadText(
    `version: 1
payers:
  - name: Aetna
    endpoints:
      - { type: a, url: "https://a.example/x?k=${CANARY}", headers: { A: ${CANARY} }, body: ${CANARY} }
`,
  )

  const printed = inspect(config, { depth: 10 }) + JSON.stringify(config)

  assert.doesNotMatch(printed, new RegExp(CANARY))
  assert.equal(config.endpoints[0]?.url.reveal(), `https://a.example/x?k=${CANARY}`)
})

test('whatever stands where a setting is expected, a message is one printable line', async () => {
  const hostile = fc.string({ unit: anyCharacter, maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(hostile, async (value) => {
      const text = JSON.stringify(value)

      const problems = await problemsOf(`version: 1\nhub: { tick: ${text} }\n`)

      for (const problem of problems) {
        assert.doesNotMatch(problem, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        assert.ok(problem.length < 700)
      }
    }),
    { numRuns: 60 },
  )
})
