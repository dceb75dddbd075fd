import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { aCommandLine } from '../../test/support/fake-io.ts'

test('the hash is the key\u2019s, and what is printed is a configuration', async (t) => {
  const run = await aCommandLine(t)

  const { code, out } = await run(['hash-key', '--name', 'on call "ops"', '--scope', 'probe,write'])
  const [, key = ''] = /^ {2}(psk_\S+)$/m.exec(out) ?? []
  const [, hash] = /hash: "sha256:([0-9a-f]{64})"/.exec(out) ?? []

  assert.equal(code, 0)
  assert.equal(hash, createHash('sha256').update(key).digest('hex'))
  const [, yaml = ''] = out.split('For the configuration:\n')
  const file = `version: 1\n${yaml.replaceAll(/^ {2}/gm, '')}`
  const check = await aCommandLine(t, { 'payers.yaml': file })
  assert.equal((await check(['validate'])).code, 0)
})

test('no key is made twice', async (t) => {
  const run = await aCommandLine(t)

  assert.notEqual((await run(['hash-key'])).out, (await run(['hash-key'])).out)
})
