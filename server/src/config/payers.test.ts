import assert from 'node:assert/strict'
import test from 'node:test'
import { loadText, problemsOf } from '../../test/corpus/load-text.ts'

const file = (payers: string) => `version: 1\ninclude: "more/*.yaml"\npayers:\n${payers}`
const endpoints = (type: string) =>
  `    endpoints: [ { type: ${type}, url: "https://${type}.example/" } ]\n`

test('a payer in several files is one payer with all its names, identifiers and endpoints', async () => {
  const config = await loadText(
    file(
      `  - name: Aetna\n    aliases: [AET, A]\n    identifiers: [ { scheme: naic, value: "1" } ]\n${endpoints('a')}`,
    ),
    {
      files: {
        'more/b.yaml': `payers:\n  - name: Aetna\n    aliases: AET\n    time_zone: America/New_York\n    identifiers: [ { scheme: naic, value: "1" }, { scheme: naic, value: "2" } ]\n${endpoints('b')}`,
      },
    },
  )

  assert.deepEqual(config.payers, [
    {
      payer: 'aetna',
      name: 'Aetna',
      aliases: ['AET', 'A'],
      identifiers: [
        { scheme: 'naic', value: '1' },
        { scheme: 'naic', value: '2' },
      ],
      timeZone: 'America/New_York',
    },
  ])
  assert.deepEqual(
    config.endpoints.map(({ id }) => id),
    ['aetna/a', 'aetna/b'],
  )
})

test('what is said once of a payer counts for its endpoints in every file', async () => {
  const config = await loadText(
    file(
      '  - name: Aetna\n    network: private\n    base_url: "http://a.example/"\n    endpoints: [ { type: a, url: x } ]\n',
    ),
    {
      files: {
        'more/b.yaml': 'payers:\n  - name: Aetna\n    endpoints: [ { type: b, url: y } ]\n',
      },
    },
  )

  assert.equal(config.endpoints[1]?.network, 'private')
  assert.equal(config.endpoints[1]?.url.reveal(), 'http://a.example/y')
})

test('two files that contradict each other about a payer are refused', async () => {
  const said = (zone: string) =>
    `  - name: Aetna\n    time_zone: ${zone}\n    network: private\n${endpoints(zone === 'UTC' ? 'a' : 'b')}`

  const problems = await problemsOf(file(said('UTC')), {
    files: { 'more/b.yaml': `payers:\n${said('Europe/Berlin').replace('private', 'public')}` },
  })

  assert.deepEqual(problems, [
    'more/b.yaml:3 payers[0].time_zone: expected the same as at payers.yaml:5, since both are the payer "aetna"',
    'more/b.yaml:4 payers[0].network: expected the same as at payers.yaml:6, since both are the payer "aetna"',
  ])
})

test('names are compared as clients write them, without regard to case', async () => {
  const problems = await problemsOf(
    file(
      `  - name: Aetna\n    aliases: [ Big One ]\n${endpoints('a')}  - name: Cigna\n    aliases: [ BIG ONE ]\n${endpoints('b')}`,
    ),
    { files: { 'more/x.yaml': 'payers: []' } },
  )

  assert.deepEqual(problems, [
    'payers.yaml:8 payers[1].aliases[0]: the name "BIG ONE" already stands for the payer "aetna" at payers.yaml:5',
  ])
})

test('a payer may repeat its own names', async () => {
  const problems = await problemsOf(
    file(`  - name: Aetna\n    aliases: [ aetna, AETNA ]\n${endpoints('a')}`),
    {
      files: { 'more/x.yaml': 'payers: []' },
    },
  )

  assert.deepEqual(problems, [])
})

test('an included file may be named once only, the main file not at all, and order is by name', async () => {
  const config = await loadText(
    `version: 1\ninclude: [ "*.yaml", "b.yaml" ]\npayers:\n  - name: Main\n${endpoints('m')}`,
    {
      files: {
        'b.yaml': `payers:\n  - name: Beta\n${endpoints('b')}`,
        'a.yaml': `version: 1\npayers:\n  - name: Alpha\n${endpoints('a')}`,
      },
    },
  )

  assert.deepEqual(
    config.payers.map(({ payer }) => payer),
    ['main', 'alpha', 'beta'],
  )
})

test('what is wrong in an included file is told with its name and line', async () => {
  const problems = await problemsOf(file(''), {
    files: {
      'more/a.yaml': 'payers: [',
      'more/b.yaml': `payers:\n  - name: A\n    endpoints: [ { type: x, url: "\${NOT_SET}" } ]\n`,
    },
  })

  assert.deepEqual(problems, [
    'more/a.yaml:1: the indentation does not fit, or a bracket is not closed',
    'more/b.yaml:3 payers[0].endpoints[0].url (A, x): the variable NOT_SET is not set',
  ])
})
