import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, askAsConfigured, endpointOf } from '../test/support/ask.ts'
import { startSimulator } from './simulator.ts'

const calm = { scripted: false, ports: 'shared' } as const

test('asked as the configuration says, every healthy endpoint answers as it expects', async () => {
  await using simulator = await startSimulator(calm)

  for (const endpoint of simulator.payers.flatMap(({ endpoints }) => endpoints)) {
    const { status, body } = await askAsConfigured(endpoint)

    const { expect } = endpoint.watch
    assert.equal(status, expect.status)
    if (expect.body !== undefined) assert.ok(body.includes(expect.body), endpoint.id)
    for (const [path, value] of Object.entries(expect.json ?? {})) {
      assert.equal(JSON.parse(body)[path.slice('$.'.length)], value)
    }
  }
})

test('a login page has a password field, and no other path or method answers', async () => {
  await using simulator = await startSimulator(calm)
  const { url } = endpointOf(simulator, 'login')

  const page = await ask(url)

  assert.match(page.headers['content-type'] ?? '', /^text\/html/)
  assert.match(page.body, /<input type="password"/)
  assert.equal((await ask(`${url}/elsewhere`)).status, 404)
  assert.equal((await ask(url, { method: 'POST', body: 'user=x' })).status, 405)
})

test('a portal says for how long it is closed only with status 503', async () => {
  await using simulator = await startSimulator(calm)
  const { id, url } = endpointOf(simulator, 'login')

  await simulator.force(id, { kind: 'maintenance_200' })
  const quiet = await ask(url)
  await simulator.force(id, { kind: 'maintenance_503' })
  const honest = await ask(url)

  assert.deepEqual([quiet.status, quiet.headers['retry-after']], [200, undefined])
  assert.deepEqual([honest.status, honest.headers['retry-after']], [503, '60'])
  for (const { body } of [quiet, honest]) assert.match(body, /scheduled maintenance/)
})

test('a JSON API says in a 200 that the system behind it is down', async () => {
  await using simulator = await startSimulator(calm)
  const endpoint = endpointOf(simulator, 'api')
  await simulator.force(endpoint.id, { kind: 'unavailable', code: '42' })

  const { status, body } = await askAsConfigured(endpoint)

  assert.equal(status, 200)
  assert.equal(JSON.parse(body).status, 'DOWN')
})

test('a JSON API asks for a token in a 401', async () => {
  await using simulator = await startSimulator(calm)
  const endpoint = endpointOf(simulator, 'prior_auth')
  await simulator.force(endpoint.id, { kind: 'unauthorized' })

  const { status, headers } = await askAsConfigured(endpoint)

  assert.equal(status, 401)
  assert.match(headers['www-authenticate'] ?? '', /^Bearer/)
})

test('a provider directory lists its types and finds an organisation', async () => {
  await using simulator = await startSimulator(calm)
  const { url } = endpointOf(simulator, 'provider_directory')

  const capabilities = JSON.parse((await ask(url)).body)
  const bundle = JSON.parse((await ask(url.replace('/metadata', '/Organization?_count=1'))).body)

  assert.equal(capabilities.fhirVersion, '4.0.1')
  const types = capabilities.rest[0].resource.map(({ type }: { type: string }) => type)
  assert.ok(types.includes('Organization') && !types.includes('Patient'))
  assert.deepEqual([bundle.resourceType, bundle.entry.length], ['Bundle', 1])
})

test('a patient access server shows its SMART configuration and no patient', async () => {
  await using simulator = await startSimulator(calm)
  const { url } = endpointOf(simulator, 'patient_access')
  const at = (path: string) => ask(url.replace('/metadata', path))

  const smart = JSON.parse((await at('/.well-known/smart-configuration')).body)
  const patient = await at('/Patient')

  assert.ok(smart.token_endpoint && smart.capabilities.length > 0)
  assert.equal(patient.status, 401)
  assert.equal(JSON.parse(patient.body).issue[0].code, 'login')
})

test('a FHIR server wraps its failures in an OperationOutcome', async () => {
  await using simulator = await startSimulator(calm)
  const endpoint = endpointOf(simulator, 'provider_directory')
  await simulator.force(endpoint.id, { kind: 'status', status: 503 })

  const { status, headers, body } = await askAsConfigured(endpoint)

  assert.equal(status, 503)
  assert.match(headers['content-type'] ?? '', /^application\/fhir\+json/)
  assert.equal(JSON.parse(body).issue[0].code, 'transient')
})
