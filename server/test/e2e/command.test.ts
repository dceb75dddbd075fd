import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { command } from '../support/command.ts'
import { aCommandLine } from '../support/fake-io.ts'
import { aClient } from '../support/ws-client.ts'

const FREE = ['--port', '0', '--metrics-port', '0']

/** A folder with a configuration whose only endpoint hangs, so that a probe is under way when the monitor is stopped. */
async function aFolder(t: TestContext): Promise<{ folder: string; file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'payer-status-test-'))
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.after(async () => {
    silent.close()
    await rm(folder, { recursive: true, force: true })
  })
  const { port } = silent.address() as { port: number }
  const file = join(folder, 'my.yaml')
  await writeFile(
    file,
    `version: 1\nshutdown: { grace: 1s }\ndefaults: { network: private, interval: 1s }\npayers:\n  - { name: Aetna, endpoints: [{ type: login, url: "http://127.0.0.1:${port}/" }] }\n`,
  )
  return { folder, file }
}

test('starting prints one short block: board, WebSocket, metrics, what is watched, how to stop; SIGINT does', async (t) => {
  const { file } = await aFolder(t)
  await using monitor = command(['--config', file, ...FREE])

  await monitor.says(/Stop/)

  assert.match(
    monitor.out(),
    /^Payer Status Monitor \d+\.\d+\.\d+\n {2}Board {6}http:\/\/127\.0\.0\.1:\d+\/\n {2}WebSocket {2}ws:\/\/127\.0\.0\.1:\d+\/ws\n {2}Metrics {4}http:\/\/127\.0\.0\.1:\d+\/metrics\n {2}Watching {3}1 payer, 1 endpoint \(.+\)\n {2}Stop {7}Ctrl\+C\n$/,
  )
  monitor.child.kill('SIGINT')
  assert.equal(await monitor.ended, 0)
})

test('SIGTERM tells clients, ends running probes within the grace, and exits with 0', async (t) => {
  const { file } = await aFolder(t)
  await using monitor = command(['--config', file, ...FREE])
  const [, url] = await monitor.says(/WebSocket {2}(\S+)/)
  await monitor.says(/Stop/)
  using client = await aClient(url!, 'payer-status-v2')
  await client.until(({ type }) => type === 'hello')

  const closed = once(client.socket, 'close')
  monitor.child.kill('SIGTERM')
  await client.until(({ type }) => type === 'drain')
  const [code] = await closed

  assert.equal(code, 4200)
  assert.equal(await monitor.ended, 0)
})

test('SIGTERM ends it at once while it waits for its store', async (t) => {
  const { file } = await aFolder(t)
  const away = ['--store', 'postgres://user:secret@127.0.0.1:1/history']
  await using monitor = command(['--config', file, ...FREE, ...away])
  while (!/waiting for it/.test(monitor.err())) await once(monitor.child.stderr!, 'data')

  monitor.child.kill('SIGTERM')

  assert.equal(await monitor.ended, 0)
  assert.doesNotMatch(monitor.out(), /Stop/)
  assert.match(monitor.err(), /127\.0\.0\.1:1\/history cannot be reached/)
  assert.doesNotMatch(monitor.err(), /secret/)
})

test('SIGHUP reads the configuration again', async (t) => {
  const { file } = await aFolder(t)
  await using monitor = command(['--config', file, '--log-level', 'info', ...FREE])
  await monitor.says(/Stop/)

  monitor.child.kill('SIGHUP')
  while (!/configuration reloaded/.test(monitor.err())) await once(monitor.child.stderr!, 'data')
  monitor.child.kill('SIGTERM')

  assert.equal(await monitor.ended, 0)
})

test('a port that is taken is one clear sentence and exit code 2', async (t) => {
  const { file } = await aFolder(t)
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.after(() => taken.close())
  const { port } = taken.address() as { port: number }

  await using monitor = command(['--config', file, '--port', String(port), '--metrics-port', '0'])

  assert.equal(await monitor.ended, 2)
  assert.equal(monitor.err(), `port ${port} on 127.0.0.1 is taken; choose another with --port\n`)
  assert.equal(monitor.out(), '')
})

test('a bad configuration is told whole, with exit code 2', async (t) => {
  const { folder } = await aFolder(t)
  await writeFile(
    join(folder, 'payers.yaml'),
    'version: 1\nserver: { prt: 1 }\npayers:\n  - { name: Aetna, endpoints: [{ type: login, url: "https://a.example/", interval: soon }] }\n',
  )

  await using monitor = command(FREE, { cwd: folder })

  assert.equal(await monitor.ended, 2)
  assert.match(monitor.err(), /^payers\.yaml:2 .*unknown key "prt", did you mean "port"\?$/m)
  assert.match(
    monitor.err(),
    /^payers\.yaml:4 payers\[0\]\.endpoints\[0\]\.interval.*expected a duration such as "30s" or "5m", got "soon"$/m,
  )
})

test('an unknown flag is refused in one sentence with exit code 2', async () => {
  await using monitor = command(['--prot', '1'])

  assert.equal(await monitor.ended, 2)
  assert.equal(
    monitor.err(),
    "error: unknown option '--prot'\n(Did you mean --port?)\nSee --help.\n",
  )
})

/** What `program.test.ts` does not have; the way from there to a process's end is that of the tests above. */
const refusals: Record<string, [string[], RegExp]> = {
  'a port that is none': [
    ['--port', 'eighty'],
    /^--port: expected a whole number from 0 to 65535, got "eighty"\n$/,
  ],
  'a log level that is none': [
    ['--log-level', 'loud'],
    /^--log-level: expected .*"warn".*, got "loud"\n$/,
  ],
  'a file that is not there': [['--config', 'nowhere.yaml'], /nowhere\.yaml/],
}

for (const [what, [args, message]] of Object.entries(refusals)) {
  test(`${what} is refused in one sentence with exit code 2`, async (t) => {
    const run = await aCommandLine(t)

    const { code, out, err } = await run(args)

    assert.deepEqual([code, out], [2, ''])
    assert.match(err, message)
  })
}

test('a variable sets what the file does not, and a flag goes before it', async (t) => {
  const { file } = await aFolder(t)
  const env = {
    PAYER_STATUS_SERVER_HOST: 'localhost',
    PAYER_STATUS_SERVER_PORT: '1',
    PAYER_STATUS_METRICS_PORT: '0',
  }
  await using monitor = command(['--config', file, '--port', '0'], { env })

  const [, host] = await monitor.says(/Board {6}http:\/\/([a-z0-9.]+):/)

  assert.equal(host, 'localhost')
})

test('--help and --version answer on standard output', async (t) => {
  const run = await aCommandLine(t)
  const help = await run(['--help'])
  await using version = command(['--version'])

  assert.deepEqual([help.code, help.err], [0, ''])
  assert.match(help.out, /^ {2}check \[options\]/m)
  assert.equal(await version.ended, 0)
  assert.match(version.out(), /^\d+\.\d+\.\d+\n$/)
})
