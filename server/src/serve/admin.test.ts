import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../../test/support/http-client.ts'
import { apiKey, settings, startAdmin } from '../../test/support/http-monitor.ts'
import { Problem } from './problem.ts'

const headers = { host: 'localhost' }

test('metrics come as text in Prometheus’ content type', async (t) => {
  const { port } = await startAdmin(t)

  const answer = await ask(port, { path: '/metrics', headers })

  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  assert.equal(answer.text, 'up 1\n')
})

test('liveness, readiness and figures are here too', async (t) => {
  const { port } = await startAdmin(t, {
    readiness: () => ({ ready: false, reasons: ['starting'] }),
  })

  assert.equal((await ask(port, { path: '/livez', headers })).status, 200)
  assert.equal((await ask(port, { path: '/readyz', headers })).status, 503)
  assert.equal((await ask(port, { path: '/debug/stats', headers })).text, '{"clients":3}')
})

test('a reload answers how many endpoints came, changed and went', async (t) => {
  const { port } = await startAdmin(t)

  const answer = await ask(port, { method: 'POST', path: '/-/reload', headers })

  assert.deepEqual(JSON.parse(answer.text), { added: 1, changed: 2, removed: 3 })
})

test('an invalid configuration is 422 with every problem', async (t) => {
  const problems = [
    'payers.yaml:3 payers[0].name: expected text',
    'payers.yaml:9 limits: unknown key',
  ]
  const reload = async () => ({ added: 0, changed: 0, removed: 0, problems })
  const { port } = await startAdmin(t, { reload })

  const answer = await ask(port, { method: 'POST', path: '/-/reload', headers })

  const problem = Problem.parse(JSON.parse(answer.text))
  assert.deepEqual([problem.status, problem.code], [422, 'invalid_configuration'])
  assert.deepEqual(problem.issues, problems)
})

test('a reload through a proxy needs a key with the scope admin, and POST', async (t) => {
  const proxied = { ...headers, 'x-forwarded-for': '192.0.2.1' }
  let reloads = 0
  const reload = async () => ({ added: reloads++, changed: 0, removed: 0, problems: [] })
  const keys = [apiKey('root', ['admin']), apiKey('prober', ['probe'])]
  const { port } = await startAdmin(t, { reload, settings: settings({ keys }) })
  const statusWith = async (authorization: string, method = 'POST') =>
    (await ask(port, { method, path: '/-/reload', headers: { ...proxied, authorization } })).status

  assert.equal(
    (await ask(port, { method: 'POST', path: '/-/reload', headers: proxied })).status,
    401,
  )
  assert.equal(await statusWith('Bearer prober'), 403)
  assert.equal(await statusWith('Bearer root', 'GET'), 405)
  assert.equal(reloads, 0)
  assert.equal(await statusWith('Bearer root'), 200)
  assert.equal(reloads, 1)
})

test('figures that cannot be had are a problem, not a crash', async (t) => {
  const text = () => Promise.reject(new Error('broken'))
  const { port, log } = await startAdmin(t, { metrics: { contentType: 'text/plain', text } })

  const answer = await ask(port, { path: '/metrics', headers })

  assert.equal(Problem.parse(JSON.parse(answer.text)).code, 'internal')
  assert.equal(log.lines.length, 1)
})
