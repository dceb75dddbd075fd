import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Log, LogFields } from '../../src/lib/log.ts'
import { aMonitor, untilSeen, untilStatus } from '../support/a-monitor.ts'
import { command } from '../support/command.ts'
import { aClient } from '../support/ws-client.ts'

const CANARIES = [
  'CANARY-QUERY-TOKEN',
  'CANARY-HEADER-TOKEN',
  'CANARY-REQUEST-BODY',
  'CANARY-ANSWER-BODY',
  'CANARY-ANSWER-HEADER',
  'CANARY-REDIRECT-TOKEN',
  'PSIO-CANARY-MEMBER',
  'CANARY-IN-PATH',
  'CANARY-EXPECTED',
]

/** A payer that puts something private into every part of its answers. */
async function aTalkativePayer() {
  const server = createServer((request, response) => {
    const body = `member PSIO-CANARY-MEMBER CANARY-ANSWER-BODY ${request.headers.authorization}`
    response.setHeader('x-member', 'CANARY-ANSWER-HEADER')
    response.setHeader('set-cookie', 'session=CANARY-ANSWER-HEADER')
    if (request.url?.startsWith('/moved'))
      return response.writeHead(302, { location: '/lost?code=CANARY-REDIRECT-TOKEN' }).end(body)
    return response.writeHead(request.url?.startsWith('/lost') ? 500 : 200).end(body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return { base: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => server.close() }
}

function aRecordingLog(): { log: Log; lines: string[] } {
  const lines: string[] = []
  const write = (fields: LogFields, message: string) =>
    void lines.push(JSON.stringify({ ...fields, message }))
  const log: Log = {
    debug: write,
    info: write,
    warn: write,
    error: write,
    child: () => log,
    isLevelEnabled: () => true,
  }
  return { log, lines }
}

test('nothing private that is sent or answered reaches a log, a frame, an answer or a metric', async () => {
  using payer = await aTalkativePayer()
  const { log, lines } = aRecordingLog()
  const endpoint = (type: string, path: string, expect: string) =>
    `      - { type: ${type}, url: "${payer.base}${path}", method: POST, body: "CANARY-REQUEST-BODY", expect: ${expect}, headers: { Authorization: "Bearer CANARY-HEADER-TOKEN" } }`
  await using monitor = await aMonitor(
    [
      'version: 1',
      'defaults: { network: private, interval: 1s }',
      'payers:',
      '  - name: Aetna',
      '    endpoints:',
      endpoint('login', '/fine?token=CANARY-QUERY-TOKEN', '{ status: 200 }'),
      endpoint('api', '/fine?token=CANARY-QUERY-TOKEN', '{ body: "not there" }'),
      endpoint('eligibility', '/moved?token=CANARY-QUERY-TOKEN', '{ status: 200 }'),
      endpoint('claims', '/fine', '{ json: { "$.status": active } }'),
      endpoint('hook', '/fine/${A:-CANARY-IN-PATH}', '{ body: "${B:-CANARY-EXPECTED}" }'),
      endpoint('soap', '/fine', '{ body: { matches: "^${B:-CANARY-EXPECTED}$" } }'),
      endpoint('portal', '/fine', '{ headers: { Set-Cookie: "${B:-CANARY-EXPECTED}" } }'),
    ].join('\n'),
    { log, thread: undefined },
  )
  using v1 = await aClient(monitor.ws)
  using v2 = await aClient(monitor.ws, 'payer-status-v2')
  v2.say({ type: 'subscribe' })
  await untilStatus(monitor, 'aetna/login', 'operational')
  for (const name of ['api', 'eligibility', 'claims', 'hook', 'soap', 'portal'])
    await untilStatus(monitor, `aetna/${name}`, 'down')
  await untilSeen(monitor, ({ incidents }) => (incidents.length > 0 ? true : undefined))

  const paths = [
    '/api/v1/endpoints',
    '/api/v1/payers',
    '/api/v1/incidents',
    '/status',
    '/api/config',
    '/openapi.json',
    '/nowhere?x=CANARY-QUERY-TOKEN',
  ]
  const answers = await Promise.all(paths.map((path) => monitor.get<unknown>(path)))
  const everything = [
    ...lines,
    ...v1.frames.map((frame) => JSON.stringify(frame)),
    ...v2.frames.map((frame) => JSON.stringify(frame)),
    JSON.stringify(answers),
    await monitor.metrics(),
  ].join('\n')

  assert.ok(lines.length > 5 && v1.frames.length > 3 && v2.frames.length > 2)
  for (const canary of CANARIES) assert.ok(!everything.includes(canary), canary)
  assert.match(everything, /\/fine"/)
})

test('what the prober’s own thread logs, at its most talkative, holds nothing private either', async (t) => {
  using payer = await aTalkativePayer()
  const folder = await mkdtemp(join(tmpdir(), 'payer-status-test-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'payers.yaml')
  const endpoint = (type: string, path: string) =>
    `{ type: ${type}, url: "${payer.base}${path}?token=CANARY-QUERY-TOKEN", headers: { Authorization: CANARY-HEADER-TOKEN }, expect: { body: "\${B:-CANARY-EXPECTED}" } }`
  const endpoints = [endpoint('login', '/fine/${A:-CANARY-IN-PATH}'), endpoint('api', '/moved')]
  await writeFile(
    file,
    `version: 1\ndefaults: { network: private, interval: 1s }\npayers: [{ name: Aetna, endpoints: [${endpoints}] }]\n`,
  )
  await using monitor = command([
    '--config',
    file,
    '--port',
    '0',
    '--metrics-port',
    '0',
    '--log-level',
    'debug',
  ])

  while (!/"aetna\/login".*went down/.test(monitor.err())) await once(monitor.child.stderr!, 'data')

  for (const canary of CANARIES) assert.ok(!monitor.err().includes(canary), canary)
})
