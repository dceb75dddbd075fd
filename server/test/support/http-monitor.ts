import { createHash } from 'node:crypto'
import type { TestContext } from 'node:test'
import { Names } from '../../src/board/names.ts'
import { LocalBus } from '../../src/bus/local.ts'
import { UnknownNameError } from '../../src/lib/errors.ts'
import type { Answering, Bus, Log } from '../../src/ports.ts'
import { type AdminDeps, createAdmin } from '../../src/serve/admin.ts'
import { createHttp, type HttpDeps } from '../../src/serve/http.ts'
import { listen } from '../../src/serve/listen.ts'
import { boardWith, endpointRecord, incidentRecord, payerRecord } from './board-with.ts'
import { aResult } from './builders.ts'
import { FakeClock } from './fake-clock.ts'
import { noHistory } from './no-history.ts'

/** Lines that were logged, as objects. */
export type Logged = { level: string; message: string; [field: string]: unknown }

/** A log that keeps its lines. */
export function memoryLog(): Log & { lines: Logged[] } {
  const lines: Logged[] = []
  const write = (level: string) => (fields: object, message: string) => {
    lines.push({ ...fields, level, message })
  }
  const log: Log & { lines: Logged[] } = {
    lines,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => log,
    isLevelEnabled: () => true,
  }
  return log
}

/** Two payers with three endpoints, one of them down, and its incident beside a resolved one. */
export function aBoard() {
  return boardWith([
    payerRecord('aetna', {
      name: 'Aetna',
      aliases: ['Aetna Better Health'],
      identifiers: [{ scheme: 'x12_payer_id', value: '60054' }],
      status: 'partial_outage',
      types: { eligibility: 'down', login: 'operational' },
    }),
    payerRecord('cigna', { name: 'Cigna', types: { eligibility: 'unknown' }, status: 'unknown' }),
    endpointRecord('aetna/eligibility', {
      payerName: 'Aetna',
      capability: 'eligibility',
      status: 'down',
      verdict: 'down',
      attribution: 'payer',
      advice: { action: 'hold' },
      reason: { kind: 'http_5xx', codes: ['HTTP:503'], message: 'answers 503' },
      result: aResult({ statusCode: 503, failure: { kind: 'http_5xx', message: 'got 503' } }),
    }),
    endpointRecord('aetna/login', { payerName: 'Aetna', capability: 'provider_portal' }),
    endpointRecord('cigna/eligibility', {
      payerName: 'Cigna',
      capability: 'eligibility',
      status: 'unknown',
      verdict: null,
      result: null,
    }),
    incidentRecord(1, { status: 'resolved', resolvedAt: '2026-01-01T00:05:00.000Z' }),
    incidentRecord(2),
  ])
}

type Settings = HttpDeps['settings'] & AdminDeps['settings']

/** The settings of a listener on loopback with nothing allowed beyond it. */
export function settings(parts: {
  server?: Partial<Settings['server']>
  keys?: Settings['auth']['apiKeys']
  bodyBytes?: number
}): Settings {
  return {
    server: { host: '127.0.0.1', port: 0, allowedHosts: [], allowedOrigins: [], ...parts.server },
    metrics: { host: '127.0.0.1', port: 0, endpointSeries: 100 },
    auth: { apiKeys: parts.keys ?? [] },
    limits: {
      maxConnections: 100,
      connectionsPerAddress: 50,
      handshakesPerSecond: 500,
      handshakesAtOnce: 512,
      frameBytes: 16_384,
      unacknowledged: 262_144,
      stuckAfter: 60_000,
      bodyBytes: parts.bodyBytes ?? 65_536,
    },
  }
}

/** A key as it is configured. */
export function apiKey(key: string, scopes: Settings['auth']['apiKeys'][number]['scopes']) {
  return { name: key, hash: createHash('sha256').update(key).digest('hex'), scopes }
}

/** A bus that answers these commands and no others. */
export function busWith(handlers: Partial<Answering>): Bus {
  const bus = new LocalBus({ clock: new FakeClock(), epoch: 'e1' })
  bus.answer(handlers)
  return bus
}

/** A public listener on a free port of 127.0.0.1, closed after the test. Any dependency may be replaced. */
export async function startHttp(t: TestContext, parts: Partial<HttpDeps> = {}) {
  const board = parts.board ?? aBoard()
  const clock = new FakeClock()
  const log = memoryLog()
  const deps: HttpDeps = {
    board,
    names: new Names(board),
    bus: busWith({
      probe: async ({ endpoint }) => {
        if (!board.endpoint(endpoint)) throw new UnknownNameError('nobody probes it')
        return aResult({ endpoint })
      },
    }),
    history: noHistory,
    clock,
    log,
    settings: settings({}),
    version: '1.2.3',
    startedAt: clock.now() - 90_000,
    readiness: () => ({ ready: true, reasons: [] }),
    boardDirectory: undefined,
    serveEvents: (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('event: hello\n\n')
    },
    ...parts,
  }
  const app = await createHttp(deps)
  t.after(() => app.close())
  const { port } = await listen(app, { host: '127.0.0.1', port: 0, flag: '--port' })
  return { app, board, clock, log, port, url: `http://127.0.0.1:${port}` }
}

/** An operators' listener on a free port of 127.0.0.1, closed after the test. */
export async function startAdmin(t: TestContext, parts: Partial<AdminDeps> = {}) {
  const clock = new FakeClock()
  const log = memoryLog()
  const app = await createAdmin({
    clock,
    log,
    settings: settings({}),
    version: '1.2.3',
    startedAt: clock.now(),
    readiness: () => ({ ready: true, reasons: [] }),
    metrics: {
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      text: async () => 'up 1\n',
    },
    stats: () => ({ clients: 3 }),
    reload: async () => ({ added: 1, changed: 2, removed: 3, problems: [] }),
    traces: { logged: [], start: (endpoint, until) => ({ endpoint, until }), stop() {} },
    ...parts,
  })
  t.after(() => app.close())
  const { port } = await listen(app, { host: '127.0.0.1', port: 0, flag: '--port' })
  return { app, clock, log, port, url: `http://127.0.0.1:${port}` }
}
