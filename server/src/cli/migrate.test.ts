import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aCommandLine } from '../../test/support/fake-io.ts'

const OLD =
  'payers:\n  - { name: Alpha, endpoints: [{ type: login, url: "https://alpha.example/" }] } # ours\n'
const NEW = `version: 1
defaults:
  interval: 15m
payers:
  - { name: Alpha, endpoints: [ { type: login, url: "https://alpha.example/" } ] } # ours
`

test('the result goes to standard output, and can be used', async (t) => {
  const run = await aCommandLine(t, { 'old.yaml': OLD })

  assert.deepEqual(await run(['migrate', 'old.yaml']), { code: 0, out: NEW, err: '' })
})

test('it goes to a file that is not there yet, and never over one that is', async (t) => {
  const run = await aCommandLine(t, { 'old.yaml': OLD })

  const first = await run(['migrate', 'old.yaml', '--output', 'payers.yaml'])
  const again = await run(['migrate', 'old.yaml', '--output', 'payers.yaml'])
  const valid = await run(['validate'])

  assert.deepEqual(first, { code: 0, out: '', err: '' })
  assert.equal(again.code, 2)
  assert.match(again.err, /payers\.yaml is there already\n$/)
  assert.equal(valid.out, 'payers.yaml can be used: 1 payer, 1 endpoint\n')
})

test('what still keeps the result from being used is told, with exit code 1', async (t) => {
  const run = await aCommandLine(t, { 'old.yaml': OLD.replace('https://alpha.example', '$BASE') })

  const { code, err } = await run(['migrate', 'old.yaml'])

  assert.equal(code, 1)
  assert.match(err, /^still to do: result\.yaml:5 .*: the variable BASE is not set\n$/)
})

test('a file that is not there, or none, is refused', async (t) => {
  const run = await aCommandLine(t, { 'ours.yaml': NEW })

  assert.deepEqual(await run(['migrate', 'nowhere.yaml']), {
    code: 2,
    out: '',
    err: 'nowhere.yaml does not exist\n',
  })
  assert.match((await run(['migrate', 'ours.yaml'])).err, /^ours\.yaml:1: it is in our format/)
})
