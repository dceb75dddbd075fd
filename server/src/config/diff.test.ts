import assert from 'node:assert/strict'
import test from 'node:test'
import { loadText, withEndpoints } from '../../test/corpus/load-text.ts'
import { diffEndpoints, needsRestart } from './diff.ts'

const endpoints = async (...lines: string[]) => (await loadText(withEndpoints(...lines))).endpoints

test('endpoints are told apart by id: added, changed, removed, unchanged', async () => {
  const before = await endpoints(
    '{ type: kept, url: "https://a.example/1" }',
    '{ type: changed, url: "https://a.example/2" }',
    '{ type: removed, url: "https://a.example/3" }',
  )
  const after = await endpoints(
    '{ type: added, url: "https://a.example/4" }',
    '{ type: changed, url: "https://a.example/2", interval: 10m }',
    '{ type: kept, url: "https://a.example/1" }',
  )

  assert.deepEqual(diffEndpoints(before, after), {
    added: ['aetna/added'],
    changed: ['aetna/changed'],
    removed: ['aetna/removed'],
    unchanged: ['aetna/kept'],
  })
})

for (const [what, before, after] of [
  ['query', 'url: "https://a.example/?k=1"', 'url: "https://a.example/?k=2"'],
  [
    'header',
    'url: "https://a.example/", headers: { A: x }',
    'url: "https://a.example/", headers: { A: y }',
  ],
  ['body', 'url: "https://a.example/", body: x', 'url: "https://a.example/", body: y'],
  [
    'expectation',
    'url: "https://a.example/"',
    'url: "https://a.example/", expect: { status: 200 }',
  ],
] as const)
  test(`an endpoint with another ${what} has changed`, async () => {
    const old = await endpoints(`{ type: a, ${before} }`)
    const next = await endpoints(`{ type: a, ${after} }`)

    assert.deepEqual(diffEndpoints(old, next).changed, ['aetna/a'])
  })

test('whatever is not payers or endpoints needs a restart', async () => {
  const load = (server: string, metrics: string, log: string) =>
    loadText(`version: 1\nserver: ${server}\nmetrics: ${metrics}\nlog: ${log}\n`)
  const before = await load('{ port: 1 }', '{ port: 2 }', '{ level: info }')

  const same = await load('{ port: 1, allowed_hosts: x }', '{ port: 2 }', '{ level: warn }')
  const other = await load('{ port: 1, host: "::1" }', '{ port: 3, host: "::1" }', '{}')

  assert.deepEqual(needsRestart(before, before), [])
  assert.deepEqual(needsRestart(before, same), ['server.allowed_hosts', 'log.level'])
  assert.deepEqual(needsRestart(before, other), ['server.host', 'metrics.host', 'metrics.port'])
})
