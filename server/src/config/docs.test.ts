import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { loadText } from '../../test/corpus/load-text.ts'
import { configMarkdown, configSchemaJson } from './docs.ts'
import { leaves } from './schema-walk.ts'

const root = join(import.meta.dirname, '../../..')

test('the generated files are fresh', () => {
  assert.equal(readFileSync(join(root, 'docs/configuration.md'), 'utf8'), configMarkdown())
  assert.equal(readFileSync(join(root, 'payer-status.schema.json'), 'utf8'), configSchemaJson())
})

test('every variable is in the document, and no two settings share one', () => {
  const document = configMarkdown()
  const variables = leaves().map(({ variable }) => variable)

  assert.ok(variables.length > 40)
  assert.equal(new Set(variables).size, variables.length)
  for (const variable of variables) assert.match(document, new RegExp(`\`${variable}\``))
})

test('every row of the document has a type and a meaning', () => {
  const rows = configMarkdown()
    .split('\n')
    .filter((line) => line.startsWith('| `') && line.split(' | ').length > 3)

  assert.ok(rows.length > 80)
  for (const row of rows) {
    const [, type = '', , meaning = ''] = row.split(' | ')
    assert.notEqual(type.trim(), '', row)
    assert.notEqual(meaning.trim(), '', row)
  }
})

test('the example of the document loads', async () => {
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(configMarkdown()) ?? []

  const config = await loadText(example.replace('/run/secrets/elig_token', 'token'), {
    env: { ELIG_URL: 'https://eligibility.example/status' },
    files: { token: 'abc', 'payers.d/more.yaml': 'payers: []' },
  })

  assert.deepEqual(
    config.endpoints.map(({ id }) => id),
    ['aetna/login', 'aetna/realtime'],
  )
})

test('so does the one of maintenance', async () => {
  const [, chapter = ''] = configMarkdown().split('## Announced maintenance')
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(chapter) ?? []

  const { maintenance } = await loadText(`version: 1\n${example}`)

  assert.deepEqual(
    maintenance.map(({ kind, timeZone }) => [kind, timeZone]),
    [
      ['routine', 'America/New_York'],
      ['non_routine', 'America/New_York'],
    ],
  )
})

test('the schema takes a variable wherever one value is meant, and no unknown key', () => {
  const schema = JSON.parse(configSchemaJson())

  const { port } = schema.properties.server.properties
  assert.equal(port.default, 8080)
  assert.deepEqual(port.anyOf.at(1), { $ref: '#/$defs/reference' })
  assert.match(`\${PORT}`, new RegExp(schema.$defs.reference.pattern))
  assert.equal(schema.additionalProperties, false)
  assert.equal(schema.properties.payers.items.additionalProperties, false)
  assert.equal(
    schema.properties.payers.items.properties.endpoints.items.properties.interval.default,
    '5m',
  )
  assert.deepEqual(schema.required, ['version'])
})
