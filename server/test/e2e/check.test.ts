/** `payer-status check` and `probe` against simulated payers, as a person, a script and a build server use them. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { type TestContext, test } from 'node:test'
import { type Simulator, startSimulator } from '@payer-status/simulator'
import { systemClock } from '../../src/lib/clock.ts'
import { aCommandLine } from '../support/fake-io.ts'

async function aWorld(t: TestContext) {
  const simulator: Simulator = await startSimulator({ payers: 2, scripted: false })
  t.after(() => simulator[Symbol.asyncDispose]())
  const run = await aCommandLine(t, { 'payers.yaml': simulator.configYaml({ interval: '1s' }) })
  const ids = simulator.payers.flatMap(({ endpoints }) => endpoints.map(({ id }) => id))
  return { simulator, run, ids }
}

const ESCAPE = '\u001b'

type Checked = { endpoint: string; status: string; reason: { kind: string } | null }

test('when all is well every endpoint has a line, and the exit code is 0', async (t) => {
  const { run, ids } = await aWorld(t)

  const { code, out, err } = await run(['check'])

  assert.deepEqual([code, err], [0, ''])
  for (const id of ids) assert.match(out, new RegExp(`^${id} +operational +\\d+ ms$`, 'm'))
  assert.match(out, new RegExp(`^${ids.length} endpoints: ${ids.length} operational$`, 'm'))
})

test('one that is down is told with its reason, and the exit code is 1', async (t) => {
  const { simulator, run, ids } = await aWorld(t)
  const [down = ''] = ids
  await simulator.force(down, { kind: 'status', status: 500 })

  const { code, out } = await run(['check', '--endpoint', down])

  assert.equal(code, 1)
  assert.match(out, new RegExp(`^${down} +down +\\d+ ms +http_5xx: .*HTTP:500`))
})

test('a selection is asked and nobody else', async (t) => {
  const { simulator, run } = await aWorld(t)
  const [payer] = simulator.payers

  const { out } = await run(['check', '--payer', payer?.name ?? '', '--json'])
  const checked = JSON.parse(out) as Checked[]

  assert.deepEqual(
    checked.map(({ endpoint }) => endpoint),
    payer?.endpoints.map(({ id }) => id),
  )
  assert.ok(checked.every(({ status, reason }) => status === 'operational' && reason === null))
})

test('a name that nobody has is refused with near ones, and nobody is asked', async (t) => {
  const { run } = await aWorld(t)

  const { code, out, err } = await run(['check', '--type', 'eligibilty'])

  assert.deepEqual([code, out], [2, ''])
  assert.match(err, /^no type "eligibilty" is configured, did you mean eligibility\?\n$/)
})

test('a build server gets a suite for each payer, and a failure for what is down', async (t) => {
  const { simulator, run, ids } = await aWorld(t)
  const [down = ''] = ids
  await simulator.force(down, { kind: 'status', status: 503 })

  const { code, out } = await run(['check', '--junit'])
  const parsed = execFileSync('python3', ['-c', READ_JUNIT], { input: out, encoding: 'utf8' })

  assert.equal(code, 1)
  assert.equal(parsed.trim(), `2 ${ids.length} 1 ${down}`)
})

const READ_JUNIT = `
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.stdin).getroot()
cases = root.findall('testsuite/testcase')
failed = [c for c in cases if c.find('failure') is not None]
print(len(root.findall('testsuite')), len(cases), len(failed), *[f"{c.get('classname')}/{c.get('name')}" for c in failed])
`

test('on a terminal statuses have colours and progress is one line that goes away', async (t) => {
  const { run, ids } = await aWorld(t)
  const terminal = { isTTY: true, columns: 80 }

  const coloured = await run(['check'], { terminal })
  const plain = await run(['check'], { terminal, env: { NO_COLOR: '1' } })

  assert.ok(coloured.out.includes(`${ESCAPE}[32moperational`))
  assert.ok(!plain.out.includes(ESCAPE))
  assert.ok(coloured.err.endsWith(`${ids.length} of ${ids.length} probed\r${ESCAPE}[K`))
})

test('where budgets make it slow, it is said before anybody is asked how long it takes at least', async (t) => {
  const simulator = await startSimulator({ payers: 2, scripted: false })
  t.after(() => simulator[Symbol.asyncDispose]())
  const config = simulator.configYaml({ interval: '1s' })
  const budgets = 'probing: { budgets: { host: { per_minute: 12 } } }'
  const run = await aCommandLine(t, { 'payers.yaml': `${config}\n${budgets}\n` })
  const clock = {
    now: () => systemClock.now(),
    monotonic: () => SWIFT * systemClock.monotonic(),
    after: (ms: number, act: () => void) => systemClock.after(ms / SWIFT, act),
  }

  const { err } = await run(['check'], { io: { clock } })

  assert.match(
    err,
    /^this takes at least \d+ s: \d+ endpoints of host 127\.0\.0\.1 are asked 12 a minute\n/,
  )
})

/** So many times as fast as it is, so that nobody has to wait. */
const SWIFT = 100

test('a probe shows each request as a waterfall, and what the answer means', async (t) => {
  const { simulator, run } = await aWorld(t)
  const url = simulator.payers[0]?.endpoints.find(({ type }) => type === 'login')?.url ?? ''

  const { code, out } = await run(['probe', `${url}?member=123`])

  assert.equal(code, 0)
  assert.match(out, /^GET http:\/\/127\.0\.0\.1:\d+\/\S+\n {2}connect +\d+\.?\d* ms {2} *█+\n/)
  assert.match(out, /^ {2}HTTP 200\ntotal \d+ ms, \d+ bytes\nhealthy: verdict up\n$/m)
  assert.doesNotMatch(out, /member/)
})

test('a probe that fails says whose doing it is, and ends with 1', async (t) => {
  const { run } = await aWorld(t)

  const { code, out } = await run(['probe', 'http://127.0.0.1:9/'])

  assert.equal(code, 1)
  assert.match(
    out,
    /^ {2}no answer\ntotal \d+ ms\n\w+: verdict \w+, .* \(connect\.refused\)\nattributed to: /m,
  )
})

const refused: Record<string, [string[], RegExp]> = {
  'a scheme that cannot be probed': [['ftp://payer.example/'], /^the address: expected /],
  'a status that is none': [
    ['http://payer.example/', '--status', '2xx'],
    /^--status: .*a status such as 200 or "200-299"/,
  ],
  'a timeout that is none': [
    ['http://payer.example/', '--timeout', 'soon'],
    /^--timeout: expected a duration such as "30s" or "5m", got "soon"\n$/,
  ],
  'a header without a name': [['http://payer.example/', '--header', ': x'], /^--header: /],
}

for (const [what, [args, message]] of Object.entries(refused))
  test(`${what} is refused before anybody is asked`, async (t) => {
    const run = await aCommandLine(t)

    const { code, out, err } = await run(['probe', ...args])

    assert.deepEqual([code, out], [2, ''])
    assert.match(err, message)
  })
