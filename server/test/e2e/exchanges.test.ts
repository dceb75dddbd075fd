import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { command } from '../support/command.ts'
import { httpSide } from '../support/far-side.ts'
import { grant, tokenSide } from '../support/token-side.ts'

const CANARIES = [
  'CANARY-QUERY',
  'CANARY-HEADER',
  'CANARY-BODY',
  'CANARY-PATH',
  'CANARY-ANSWER',
  'CANARY-LOCATION',
  'CANARY-TOKEN',
  'CANARY-CLIENT',
]

type Line = Record<string, unknown> & { message: string; endpoint?: string }

/** Everything that could be private, at every place where it could be. */
async function aTalkativeWorld(t: TestContext) {
  const moved = await httpSide((_, response) => response.end('CANARY-ANSWER'))
  const payer = await httpSide((request, response) => {
    response.setHeader('x-member', 'CANARY-ANSWER-HEADER')
    request.resume()
    if (request.url?.startsWith('/moved'))
      response.writeHead(307, { location: `${moved.origin}/CANARY-LOCATION?code=CANARY-LOCATION` })
    response.end('CANARY-ANSWER')
  })
  const token = await tokenSide((response) =>
    grant(response, { access_token: 'CANARY-TOKEN', expires_in: 3_600 }),
  )
  t.after(() => Promise.all([moved, payer, token].map((side) => side[Symbol.asyncDispose]())))
  return { moved, payer, token }
}

async function aMonitorOf(t: TestContext, endpoints: readonly object[]) {
  const folder = await mkdtemp(join(tmpdir(), 'payer-status-test-'))
  const file = join(folder, 'payers.yaml')
  const write = (all: readonly object[]) =>
    writeFile(
      file,
      JSON.stringify({
        version: 1,
        defaults: { network: 'private', interval: '1s' },
        payers: [{ name: 'Aetna', endpoints: all }],
      }),
    )
  await write(endpoints)
  const monitor = command(['--config', file, '--port', '0', '--metrics-port', '0'])
  t.after(async () => {
    await monitor[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })
  const [, admin = ''] = await monitor.says(/Metrics {4}(\S+)\/metrics/)
  const lines = () =>
    monitor
      .err()
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as Line)
  const exchanges = (endpoint: string) =>
    lines().filter((line) => line.message === 'exchange ended' && line.endpoint === endpoint)
  const until = async (holds: () => boolean) => {
    while (!holds()) await once(monitor.child.stderr!, 'data')
  }
  return { monitor, admin, write, lines, exchanges, until }
}

test('exchanges of single endpoints are logged while the monitor runs, and hold nothing private', async (t) => {
  const { moved, payer, token } = await aTalkativeWorld(t)
  const headers = { Authorization: 'Bearer CANARY-HEADER' }
  const login = {
    type: 'login',
    url: `${payer.origin}/fine/\${A:-CANARY-PATH}?token=CANARY-QUERY`,
    method: 'POST',
    body: 'CANARY-BODY',
    headers,
    log_exchanges: true,
  }
  const hook = { type: 'hook', url: `${payer.origin}/moved?t=CANARY-QUERY`, headers }
  const client = { client_id: 'CANARY-CLIENT', client_secret: 'CANARY-CLIENT' }
  const oauth2 = { token_url: `${token.origin}/token?t=CANARY-QUERY`, ...client }
  const api = { type: 'api', url: `${payer.origin}/fine`, auth: { oauth2 }, log_exchanges: true }
  const world = await aMonitorOf(t, [login, hook, api])
  const { admin, exchanges, until } = world

  await until(() => exchanges('aetna/login').length > 1 && exchanges('aetna/api').length > 1)
  assert.deepEqual(exchanges('aetna/hook'), [])
  const started = await fetch(`${admin}/-/trace?endpoint=aetna/hook&for=15m`, { method: 'POST' })
  assert.equal(started.status, 200)
  await until(() => exchanges('aetna/hook').length > 1)

  const [said] = exchanges('aetna/login')
  const { host, phases, ...rest } = said!
  assert.equal(host, payer.origin.slice(7))
  assert.deepEqual(Object.keys(phases as object), ['connectMs', 'firstByteMs', 'transferMs'])
  const { level, method, path, httpVersion, statusCode, sentBytes, receivedBytes } = rest
  assert.deepEqual(
    { level, method, path, httpVersion, statusCode, sentBytes, receivedBytes },
    {
      level: 20,
      method: 'POST',
      path: '/fine/{A}',
      httpVersion: '1.1',
      statusCode: 200,
      sentBytes: 11,
      receivedBytes: 13,
    },
  )
  const hops = exchanges('aetna/hook').slice(0, 2)
  assert.deepEqual(
    hops.map(({ redirects, host, path }) => [redirects, host, path]),
    [
      [0, payer.origin.slice(7), '/moved'],
      [1, moved.origin.slice(7), undefined],
    ],
  )
  assert.equal(hops[0]!.probe, hops[1]!.probe)
  const [forToken] = exchanges('aetna/api')
  assert.deepEqual(
    [forToken!.kind, forToken!.host, forToken!.statusCode],
    ['token', token.origin.slice(7), 200],
  )
  for (const canary of CANARIES) assert.ok(!world.monitor.err().includes(canary), canary)
  assert.ok(!world.lines().some(({ message }) => message === 'probed'))
})

test('a reload switches it, and what was switched on by hand is switched off by hand', async (t) => {
  const { payer } = await aTalkativeWorld(t)
  const login = { type: 'login', url: `${payer.origin}/fine` }
  const { admin, write, exchanges, until } = await aMonitorOf(t, [login])
  const trace = async (method: string, query = '') =>
    (await fetch(`${admin}/-/trace${query}`, { method })).json() as Promise<{ items: object[] }>

  await write([{ ...login, log_exchanges: true }])
  await until(() => exchanges('aetna/login').length > 0)
  assert.deepEqual((await trace('GET')).items, [{ endpoint: 'aetna/login', until: null }])
  await write([login])
  while ((await trace('GET')).items.length > 0) await fetch(`${admin}/-/reload`, { method: 'POST' })
  await trace('POST', '?endpoint=aetna/login')
  const before = exchanges('aetna/login').length
  await until(() => exchanges('aetna/login').length > before)

  assert.deepEqual((await trace('DELETE')).items, [])
})
