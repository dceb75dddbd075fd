import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aCommandLine } from '../../test/support/fake-io.ts'

const GOOD = `version: 1
payers:
  - { name: Aetna, endpoints: [{ type: login, url: "http://aetna.example/login" }] }
`

test('a configuration that can be used is said to be so, with warnings on the error output', async (t) => {
  const run = await aCommandLine(t, { 'payers.yaml': GOOD })

  const { code, out, err } = await run(['validate'])

  assert.deepEqual([code, out], [0, 'payers.yaml can be used: 1 payer, 1 endpoint\n'])
  assert.match(err, /^warning: payers\.yaml:3 .* is asked without encryption \(http\)\n$/)
})

test('everything that is wrong is told, with exit code 2', async (t) => {
  const run = await aCommandLine(t, {
    'bad.yaml': 'version: 1\nserver: { prt: 1 }\nhub: { tick: 1 }\n',
  })

  const { code, out, err } = await run(['validate', '--config', 'bad.yaml'])

  assert.deepEqual([code, out], [2, ''])
  assert.match(
    err,
    /^bad\.yaml:2 server\.prt: unknown key "prt", did you mean "port"\?\nbad\.yaml:3 hub\.tick: /,
  )
})

test('without a file here the shipped catalogue is checked', async (t) => {
  const run = await aCommandLine(t)

  assert.match((await run(['validate'])).out, /catalog\/payers\.yaml can be used: \d+ payers, /)
})
