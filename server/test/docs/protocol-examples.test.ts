import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, type TestContext, test } from 'node:test'
import {
  ClientFrame,
  Incident,
  Payer,
  Position,
  Removed,
  RemovedPayer,
  ServerFrame,
  State,
  V1ClientFrame,
  Window,
} from '@payer-status/protocol'
import type * as z from 'zod'
import { PastLatency, Uptime } from '../../src/serve/api/history-shapes.ts'
import { MaintenancePlan } from '../../src/serve/api/maintenance-shapes.ts'
import { Problem } from '../../src/serve/problem.ts'
import { aMonitor, privately, untilStatus } from '../support/a-monitor.ts'
import { blocks, found, readPage, rows, section, sources, spans, subjects } from './pages.ts'

const page = readPage('protocol.md')

type Example = Record<string, unknown>

/** How an example is recognised, and what it must be. The first that fits counts. */
const SHAPES: readonly (readonly [(example: Example) => boolean, z.ZodType])[] = [
  [has('statusRev'), State],
  [has('openedAt'), Incident],
  [has('noticeOk'), Window],
  [has('startLocal'), MaintenancePlan],
  [has('aliases'), Payer],
  [(example) => has('removed')(example) && has('payer')(example), RemovedPayer],
  [has('removed'), Removed],
  [has('requestId'), Problem],
  [has('steps'), PastLatency],
  [has('days'), Uptime],
  [has('action'), V1ClientFrame.strict()],
  [isOneOf(ClientFrame.options), ClientFrame],
  [isOneOf(ServerFrame.options), ServerFrame],
  [(example) => Object.keys(example).join() === 'epoch,rev', Position],
]

function has(key: string) {
  return (example: Example) => Object.hasOwn(example, key)
}

function isOneOf(frames: readonly { shape: { type: { value: string } } }[]) {
  return ({ type }: Example) => frames.some(({ shape }) => shape.type.value === type)
}

/** What only a running monitor can say the shape of, by what it is recognised by. */
const ANSWERS: Record<string, string> = {
  uptimeSeconds: '/health',
  ready: '/readyz',
  total_payers: '/api/config',
  last_check: '/status',
}

const examples = blocks(page, 'json').map((text) => JSON.parse(text) as Example | Example[])

test('every example of a frame or record is one by its schema', () => {
  const single = examples.filter((example): example is Example => !Array.isArray(example))
  const parsed = single.filter((example) => {
    const [, schema] = SHAPES.find(([fits]) => fits(example)) ?? []
    schema?.parse(example)
    return schema !== undefined
  })
  const rest = single.filter((example) => !parsed.includes(example))

  assert.ok(parsed.length >= 18)
  for (const example of rest)
    assert.ok(
      ['latency_ms', ...Object.keys(ANSWERS)].some((key) => key in example),
      `nobody checks ${JSON.stringify(example)}`,
    )
})

/** A monitor that watches itself, so that nothing else is needed: `/health` answers, a port where nobody listens does not. */
const monitor = await aMonitor('version: 1\npayers: []\n')
after(() => monitor[Symbol.asyncDispose]())
await monitor.rewrite(
  privately([
    { payer: 'Aetna', type: 'eligibility', url: `${monitor.app.url}/health` },
    { payer: 'Aetna', type: 'login', url: 'http://127.0.0.1:9/' },
  ]),
)
await monitor.app.reload()

test('the answers that are shown have the keys of a running monitor', async () => {
  await untilStatus(monitor, 'aetna/eligibility', 'operational')

  for (const [key, path] of Object.entries(ANSWERS)) {
    const [shown] = examples.flat().filter(has(key))
    const [given] = [await monitor.get<Example | Example[]>(path)].flat()
    assert.deepEqual(Object.keys(shown ?? {}), Object.keys(given ?? {}), path)
  }
})

test('the result that is shown for v1 has the keys of a running monitor, and the table has them all', async () => {
  const [shown = {}] = examples.flat().filter(has('ts'))
  const socket = new WebSocket(monitor.ws)
  const flat = new Map<unknown, Example>()
  socket.onmessage = ({ data }) => {
    const result = JSON.parse(data) as Example
    flat.set(result.type, result)
    if (flat.size === 2) socket.close()
  }
  await once(socket, 'close')

  assert.deepEqual(Object.keys(shown), Object.keys(flat.get('eligibility') ?? {}))
  const { err, ...rest } = flat.get('login') ?? {}
  assert.match(String(err), /^\w+: /)
  assert.deepEqual(subjects(page, 'WebSocket v1'), [...Object.keys(rest), 'err'].sort())
})

test('the routes are those of the OpenAPI document, with who may use them', async () => {
  type Operation = { security?: object[]; parameters?: { name: string; in: string }[] }
  const { paths } = await monitor.get<{ paths: Record<string, Record<string, Operation>> }>(
    '/openapi.json',
  )
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      ...operation,
    })),
  )
  const [publicRows, adminRows] = section(page, 'Routes').split('On the operators')
  const rowOf = (route: string) =>
    rows(page, 'Routes').find(([first]) => first === `\`${route}\``) ?? []

  const told = spans(publicRows?.replace(/`GET \/`/, '') ?? '').filter((s) => /^[A-Z]+ \//.test(s))
  assert.deepEqual(told.sort(), routes.map(({ route }) => route).sort())
  for (const { route, security, parameters = [] } of routes) {
    const [, what = '', auth = ''] = rowOf(route)
    assert.equal(auth !== 'none', security !== undefined, route)
    const asked = parameters.filter((parameter) => parameter.in === 'query')
    if (route !== 'GET /events')
      for (const { name } of asked) assert.ok(spans(what).includes(name), `${route}: ${name}`)
  }
  const admin = found(sources('serve/admin.ts'), /app\.\w+\('([^']+)'/g)
  for (const path of [...admin, '/livez', '/readyz'])
    assert.ok(adminRows?.includes(` ${path}\``), path)
  for (const route of spans(adminRows ?? '').filter((span) => span.startsWith('GET /'))) {
    const answer = await fetch(`${monitor.app.metricsUrl}${route.slice('GET '.length)}`)
    assert.equal(answer.status, 200, route)
  }
})

/** Runs a program that is given as text until it has printed all of these; what it printed. */
async function prints(t: TestContext, program: string, wanted: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  let out = ''
  for await (const chunk of child.stdout) {
    out += chunk
    if (wanted.every((text) => out.includes(text))) break
  }
  return out
}

test('the client for Node prints each status as it comes', { timeout: 30_000 }, async (t) => {
  const [program = ''] = blocks(page, 'js')
  const here = program.replace('ws://127.0.0.1:8080/ws', monitor.ws)

  const out = await prints(t, here, ['aetna/eligibility operational', 'aetna/login down'])

  assert.notEqual(here, program)
  assert.match(out, /^aetna\/\w+ \w+$/m)
})
