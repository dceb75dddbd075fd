import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { loadConfig } from './load.ts'
import { parseYaml } from './yaml.ts'

const catalog = join(import.meta.dirname, '../../../catalog')
const shipped = join(catalog, 'payers.yaml')
const load = () => loadConfig({ path: undefined, cwd: '/', env: {}, flags: {}, shipped })

type Listed = {
  name: string
  endpoints: { url?: string; enabled?: boolean; unreviewed?: boolean }[]
}

function listed(name: string): Listed[] {
  const tree = parseYaml(readFileSync(join(catalog, name), 'utf8'))
  assert.ok(!Array.isArray(tree))
  return (tree.value as { payers: Listed[] }).payers
}

test('the shipped catalogue loads without a warning', async () => {
  const config = await load()

  assert.deepEqual(config.warnings, [])
  assert.equal(config.endpoints.length, 56 + 63)
  assert.equal(config.files.length, 3 + 1 + 1)
})

test('the portals are those of 33 payers: 85 endpoints, the 56 with an absolute address switched on', () => {
  const payers = listed('portals.yaml')
  const endpoints = payers.flatMap(({ endpoints }) => endpoints)

  assert.equal(payers.length, 33)
  assert.equal(endpoints.length, 85)
  assert.equal(
    endpoints.filter(({ url, enabled }) => url !== undefined && enabled !== false).length,
    56,
  )
  assert.equal(
    endpoints.filter(({ url, enabled }) => url === undefined && enabled === false).length,
    29,
  )
})

test('the FHIR endpoints are 63, all switched on', () => {
  const endpoints = listed('fhir.yaml').flatMap(({ endpoints }) => endpoints)

  assert.equal(endpoints.length, 63)
  assert.ok(
    endpoints.every(({ url, enabled }) => url?.endsWith('/metadata') && enabled === undefined),
  )
})

test('every endpoint says of itself that nobody has reviewed it', () => {
  for (const name of ['portals.yaml', 'fhir.yaml'])
    for (const { endpoints } of listed(name))
      for (const endpoint of endpoints) assert.equal(endpoint.unreviewed, true)
})

test('every endpoint is public, encrypted, known by a capability and asked every 15 minutes', async () => {
  for (const endpoint of (await load()).endpoints) {
    assert.match(endpoint.shownUrl, /^https:\/\//)
    assert.equal(endpoint.network, 'public')
    assert.equal(endpoint.interval, 900_000)
    assert.equal(endpoint.unreviewed, true)
    assert.notEqual(endpoint.capability, null)
    assert.equal(endpoint.method, 'GET')
    assert.deepEqual(endpoint.headers, [])
  }
})

test('a payer of both lists is one payer, with its identifier', async () => {
  const { payers, endpoints } = await load()

  const cigna = payers.filter(({ payer }) => payer === 'cigna')
  assert.deepEqual(
    cigna.map(({ identifiers }) => identifiers),
    [[{ scheme: 'x12_payer_id', value: '62308' }]],
  )
  const aetna = endpoints.filter(({ payer }) => payer === 'aetna').map(({ id }) => id)
  assert.deepEqual(aetna, ['aetna/base', 'aetna/provider-directory'])
})

test('the notice names every source', () => {
  const notice = readFileSync(join(catalog, '../NOTICE'), 'utf8')

  for (const name of [
    'Lantern',
    'fhir-scorecard',
    'CC BY 4.0|Creative Commons Attribution 4.0',
    'Mullan Institute',
    'United States Government',
    'healthcare-mrf-api',
  ])
    assert.match(notice, new RegExp(name))
})
