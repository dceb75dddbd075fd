import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { incidentRecord } from '../../test/support/board-with.ts'
import {
  anExportHouse as aHouse,
  BEGIN,
  GONE,
  LOGIN,
  linesOf,
  Memory,
  rowAt,
  tidy,
} from '../../test/support/export-house.ts'
import type { IncidentRecord } from '../model.ts'

test('results are written as CSV, what is packed before what is not', async (t) => {
  const { run } = await aHouse(t)

  const { code, out, err } = await run(['results', '--endpoint', LOGIN])

  const lines = linesOf(out)
  assert.deepEqual([code, err, lines.length], [0, '', 1 + 68])
  assert.equal(
    lines[0],
    'endpoint,at,verdict,attribution,evidence,failure,codes,statusCode,attempts,latencyMs,dnsMs,connectMs,tlsMs,firstByteMs,transferMs,tokenMs,intervalMs',
  )
  assert.equal(
    lines[1],
    'alpha/login,2026-03-02T00:02:00.000Z,up,none,L1,,HTTP:200,200,1,20.5,1,1,,100,2,,60000',
  )
  assert.match(lines[2] ?? '', /00:03:00\.000Z,down,payer,L1,http_5xx,HTTP:500,500,/)
  assert.equal(lines.at(-1)?.split(',')[1], '2026-03-02T01:09:00.000Z')
})

test('results are written as NDJSON, of a part of the time', async (t) => {
  const { run } = await aHouse(t)
  const span = ['--from', '2026-03-02T00:30:00Z', '--to', '2026-03-02T00:32:00Z']

  const { code, out } = await run(['results', ...span, '--format', 'ndjson'])

  const rows = linesOf(out).map((line) => JSON.parse(line))
  assert.equal(code, 0)
  assert.deepEqual(
    rows.map(({ endpoint, at, codes, tlsMs }) => [endpoint, at, codes, tlsMs]),
    ['00:30', '00:31'].map((at) => [LOGIN, `2026-03-02T${at}:00.000Z`, ['HTTP:200'], null]),
  )
})

test('everything is of one moment, and the monitor goes on writing meanwhile', async (t) => {
  const { run, store, write } = await aHouse(t)
  const out = new Memory()
  out.onFirst = () => {
    void write([rowAt(69.5)]).then(() => tidy(store))
  }

  const { code } = await run(['results', '--format', 'ndjson'], { out })
  const again = await run(['results', '--to', '2026-03-03'])

  assert.deepEqual([code, linesOf(out.text).length, linesOf(again.out).length], [0, 70, 1 + 71])
})

test('the timeline, latencies and uptime of all endpoints, also of those that are gone', async (t) => {
  const { run } = await aHouse(t)

  const timeline = await run(['timeline'])
  const latency = await run(['latency', '--step', '1h'])
  const uptime = await run(['uptime'])

  assert.deepEqual(linesOf(timeline.out), [
    'endpoint,at,status,planned',
    'alpha/login,2026-03-02T00:00:00.000Z,operational,false',
    'gamma/gone,2026-03-02T00:00:00.000Z,operational,false',
    'gamma/gone,2026-03-02T00:01:00.000Z,unknown,false',
  ])
  const counts = linesOf(latency.out).map((line) => line.split(',').slice(0, 5).join(' '))
  assert.deepEqual(counts, [
    'endpoint at stepMs count failures',
    'alpha/login 2026-03-02T00:00:00.000Z 3600000 58 1',
    'alpha/login 2026-03-02T01:00:00.000Z 3600000 10 0',
    'gamma/gone 2026-03-02T00:00:00.000Z 3600000 2 0',
  ])
  assert.deepEqual(linesOf(uptime.out), [
    'endpoint,day,operational,degraded,down,maintenance,planned,coverage,availability,netAvailability',
    'alpha/login,2026-03-02,70,0,0,0,0,1,1,1',
    'gamma/gone,2026-03-02,1,0,0,0,0,0.0142,,',
  ])
})

test('a payer that only history knows any more can be named, and one that nobody knows cannot', async (t) => {
  const { run } = await aHouse(t)

  const gone = await run(['timeline', '--payer', 'gamma'])
  const empty = await run(['timeline', '--payer', 'Beta'])
  const unknown = await run(['timeline', '--payer', 'gama'])

  assert.equal(linesOf(gone.out).length, 3)
  assert.deepEqual([empty.code, linesOf(empty.out)], [0, ['endpoint,at,status,planned']])
  assert.equal(unknown.code, 2)
  assert.match(unknown.err, /^no payer "gama" is configured, did you mean gamma\?\n$/)
})

test('incidents are written newest first, and no text of them is a formula', async (t) => {
  const { run, store } = await aHouse(t)
  const notes = [{ at: '2026-03-02T00:10:00.000Z', by: 'ops', text: '=1+1, or "so"' }]
  const entries = [1, 2].map((n) => {
    const entry = incidentRecord(n)
    const value = { ...(entry.value as IncidentRecord), notes, endpoints: [n === 1 ? LOGIN : GONE] }
    return { ...entry, value, rev: n, statusRev: n, resultRev: n, at: BEGIN }
  })
  await store.write({ entries, results: [], timeline: [], rev: 10 } as never)

  const all = await run(['incidents', '--from', '2026-01-01', '--format', 'ndjson'])
  const one = await run(['incidents', '--from', '2026-01-01', '--endpoint', LOGIN])

  const rows = linesOf(all.out).map((line) => JSON.parse(line))
  assert.deepEqual(
    rows.map(({ endpoints, notes }) => [endpoints, notes]),
    [GONE, LOGIN].map((id) => [[id], ['=1+1, or "so"']]),
  )
  assert.match(one.out, /\r\ninc_.*alpha\/login,,"'=1\+1, or ""so"""\r\n$/)
})

test('a file is whole and new, or it is not there', async (t) => {
  const { run, folder } = await aHouse(t)

  const first = await run(['timeline', '--out', 'out.csv'])
  const second = await run(['timeline', '--out', 'out.csv'])
  const nowhere = await run(['timeline', '--out', 'a/b.csv'])

  assert.deepEqual([first.code, first.out, first.err], [0, '', ''])
  assert.equal(linesOf(await readFile(join(folder, 'out.csv'), 'utf8')).length, 4)
  assert.equal(second.code, 2)
  assert.match(second.err, /^--out: .*out\.csv is there already: expected a file that is not\n$/)
  assert.match(nowhere.err, /^--out: .*b\.csv cannot be written \(ENOENT\): expected/)
  assert.deepEqual(
    (await readdir(folder)).filter((name) => !name.startsWith('history')),
    ['out.csv', 'payers.yaml'],
  )
})

test('how far it is is told on a terminal only, and not between the rows', async (t) => {
  const { run } = await aHouse(t)
  const terminal = () => Object.assign(new Memory(), { isTTY: true })
  const [toFile, toTerminal] = [terminal(), terminal()]

  await run(['timeline', '--out', 'out.csv'], { err: toFile })
  await run(['timeline'], { err: toTerminal, out: terminal() })

  assert.match(toFile.text, /2 of 3 endpoints read/)
  assert.equal(toTerminal.text, '')
})

test('it ends well when whoever reads has seen enough', async (t) => {
  const { run } = await aHouse(t)
  const out = Object.assign(new Memory(), { destroyed: true })

  const { code, err } = await run(['results'], { out })

  assert.deepEqual([code, err], [0, ''])
  assert.equal(linesOf(out.text).length, 1 + 70)
})

test('no address is in anything that is written', async (t) => {
  const { run } = await aHouse(t)

  const written = []
  for (const what of ['results', 'timeline', 'latency', 'incidents', 'uptime'])
    written.push((await run([what, '--format', 'ndjson'])).out)

  assert.doesNotMatch(written.join(''), /CANARY|https?:/)
})

for (const [what, args, message] of [
  ['nothing', [], /^error: missing required argument 'what'/],
  ['another kind', ['all'], /value 'all' is invalid for argument 'what'/],
  [
    'another format',
    ['uptime', '--format', 'xml'],
    /'--format <format>' argument 'xml' is invalid/,
  ],
  [
    'an odd time',
    ['uptime', '--from', 'soon'],
    /'soon' is invalid\. Expected a date or time such as/,
  ],
  ['no time at all', ['uptime', '--from', '2026-13-45'], /Expected a date or time such as/],
  ['an end before the begin', ['uptime', '--from', '1h', '--to', '2h'], /^--from: expected a time/],
  ['a short step', ['latency', '--step', '1m'], /^--step: expected at least 5m\n$/],
  ['memory', ['uptime', '--store', 'memory:'], /^store\.url is memory: expected/],
  ['no store', ['uptime', '--store', 'sqlite:none.db'], /none\.db cannot be opened: expected/],
] as const)
  test(`${what} is refused, and nothing is written`, async (t) => {
    const { run } = await aHouse(t)

    const { code, out, err } = await run(args)

    assert.deepEqual([code, out], [2, ''])
    assert.match(err, message)
  })
