import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import { loadText, problemsOf, withEndpoints } from '../../test/corpus/load-text.ts'
import { judged } from '../../test/support/an-answer.ts'
import { unmetExpectation } from '../probe/expect.ts'
import { configMarkdown } from './docs.ts'

const withExpect = (expect: string) =>
  withEndpoints(`{ type: login, url: "https://h.example/", expect: ${expect} }`)

test('every expectation comes through as the prober uses it', async () => {
  const config = await loadText(
    withExpect(
      `{ status: [200, "201-204"], content_type: Application/JSON, headers: { X-State: ready, Server: { exists: "false" } },
         body: { contains: a, matches: b }, json: { "$.n": { gt: 1, eq: null }, "$.t": x }, xml: { "a/b": { ne: c } },
         certificate_days: "14", latency: { first_byte: 1s, total: 2s }, degrade: { content_type: ["text/*"], latency: { dns: 5ms } } }`,
    ),
  )

  assert.deepEqual(config.endpoints[0]?.expect, {
    status: [
      [200, 200],
      [201, 204],
    ],
    contentType: ['application/json'],
    headers: [
      ['x-state', 'ready'],
      ['server', { exists: false }],
    ],
    body: { contains: 'a', matches: 'b' },
    json: [
      ['$.n', { gt: 1, eq: null }],
      ['$.t', 'x'],
    ],
    xml: [['a/b', { ne: 'c' }]],
    certificateDays: 14,
    latency: [
      ['total', 2_000],
      ['firstByte', 1_000],
    ],
    degrade: { contentType: ['text/*'], latency: [['dns', 5]] },
  })
})

test('a number may be filled in, and is shown by its name', async () => {
  const text = withExpect('{ json: { "$.n": { gt: "${N}", lte: "${M:-7.5}" } } }')
  const { expect } = (await loadText(text, { env: { N: '-4' } })).endpoints[0]!

  const unmet = unmetExpectation(expect, judged({ body: '{"n":-5}' }))

  assert.deepEqual(expect.json, [['$.n', { gt: -4, lte: 7.5 }]])
  assert.equal(unmet?.message, 'expected $.n to be over {N}, got -5')
})

test('the example of the document loads', async () => {
  const [, example = ''] =
    /## What an answer must be\n\n```yaml\n(.*?)```/s.exec(configMarkdown()) ?? []
  const { expect } = (await loadText(withExpect(JSON.stringify(parse(example).expect))))
    .endpoints[0]!

  assert.deepEqual(Object.keys(expect).length, 8)
  assert.equal(expect.degrade?.certificateDays, 21)
})

const WRONG: [expect: string, problem: string][] = [
  [
    '{ body: { matches: "a(b" } }',
    'body.matches: expected a regular expression of RE2 (missing closing )), got text',
  ],
  [
    '{ body: { matches: "(?=a)" } }',
    'body.matches: expected a regular expression of RE2 (invalid or unsupported Perl syntax), got text',
  ],
  ['{ body: { matches: "" } }', 'body.matches: expected a regular expression of RE2, got text'],
  ['{ body: { matches: 5 } }', 'body.matches: expected a regular expression of RE2, got a number'],
  ['{ body: {} }', 'body: expected one of contains or matches, got a mapping'],
  ['{ body: { eq: a } }', 'body.eq: unknown key "eq"'],
  ['{ body: 5 }', 'body: expected text in quotes, got a number'],
  ['{ headers: { "a b": c } }', 'headers: expected header names as keys, got another text'],
  ['{ headers: { a: [] } }', 'headers.a: expected text, got a list'],
  ['{ headers: { a: { gt: 3 } } }', 'headers.a.gt: unknown key "gt"'],
  ['{ headers: { a: { exists: maybe } } }', 'headers.a.exists: expected true or false, got text'],
  [
    '{ json: { "$.a": {} } }',
    'json["$.a"]: expected one of eq, ne, gt, gte, lt, lte, exists or matches, got a mapping',
  ],
  ['{ json: { "$.a": { gt: many } } }', 'json["$.a"].gt: expected a number, got "many"'],
  ['{ json: { "$.a": { gt: null } } }', 'json["$.a"].gt: expected a number, but it is missing'],
  [
    '{ json: { "$.a": { eq: [1] } } }',
    'json["$.a"].eq: expected text, a number, true, false or null, got a list',
  ],
  [
    '{ json: { "$.a": { matches: "[" } } }',
    'json["$.a"].matches: expected a regular expression of RE2 (missing closing ]), got "["',
  ],
  ['{ json: { "$..a": 1 } }', 'json: expected paths such as "$.status" as keys, got another text'],
  [
    '{ xml: { "/a": b } }',
    'xml: expected paths such as "Envelope/Body/Status" as keys, got another text',
  ],
  [
    '{ xml: { "a:b": c } }',
    'xml: expected paths such as "Envelope/Body/Status" as keys, got another text',
  ],
  ['{ xml: { a: 5 } }', 'xml.a: expected text in quotes, got 5'],
  [
    '{ content_type: json }',
    'content_type: expected a media type such as "application/json" or "text/*", got "json"',
  ],
  [
    '{ content_type: ["*/*"] }',
    'content_type[0]: expected a media type such as "application/json" or "text/*", got "*/*"',
  ],
  ['{ certificate_days: 0 }', 'certificate_days: expected a whole number from 1 to 825, got 0'],
  ['{ latency: 2s }', 'latency: expected a mapping, got text'],
  ['{ latency: { total: 0s } }', 'latency.total: expected a duration from 1ms to 5m, got "0s"'],
  ['{ latency: { wait: 1s } }', 'latency.wait: unknown key "wait"'],
  ['{ degrade: { degrade: {} } }', 'degrade.degrade: unknown key "degrade"'],
  [
    '{ degrade: { certificate_days: soon } }',
    'degrade.certificate_days: expected a whole number from 1 to 825, got "soon"',
  ],
]

for (const [expect, problem] of WRONG)
  test(`${expect} is told where it is wrong`, async () => {
    const [first = 'none', ...others] = await problemsOf(withExpect(expect))

    assert.equal(first.slice(first.indexOf('.expect.') + 8), problem)
    assert.deepEqual(others, [])
  })

test('a pattern that is too long or too large is refused', async () => {
  const long = await problemsOf(withExpect(`{ body: { matches: "${'a'.repeat(301)}" } }`))
  const large = await problemsOf(withExpect('{ body: { matches: "(ab){200}" } }'))

  assert.match(
    long[0] ?? '',
    /expected a regular expression of RE2 of at most 300 characters, got /,
  )
  assert.match(
    large[0] ?? '',
    /expected a regular expression of RE2 \(it is too large: \d+ of 300\), got /,
  )
})

test('wherever something was filled in, a message shows its name', async () => {
  const text = withExpect(
    '{ headers: { a: "${T}" }, body: { matches: "${T}" }, json: { "$.a": { eq: "${T}" } }, xml: { a: { ne: "${T}" } }, degrade: { body: "${T}" } }',
  )
  const { expect } = (await loadText(text, { env: { T: 'secret' } })).endpoints[0]!
  const { shown = {}, headers = [], body = '', json = [], xml = [], degrade = {} } = expect

  const messages = [{ headers }, { body }, { json }, { xml }, { degrade }].map(
    (one) =>
      unmetExpectation({ ...one, shown }, judged({ body: 'xml' in one ? '<a>secret</a>' : '{}' }))
        ?.message,
  )

  assert.deepEqual(messages, [
    'expected header a to be "{T}"',
    'expected the body to match "{T}"',
    'expected $.a to be "{T}"',
    'expected a to be other than "{T}"',
    'expected the body to contain "{T}"',
  ])
})
