/** `check` and `probe` in a real terminal and in a pipe. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startSimulator } from '@payer-status/simulator'

const run = promisify(execFile)
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const TMUX = '/usr/bin/tmux'
const COLUMNS = 90

/** How the command line is called in a shell, in a folder with simulated payers. */
async function aShell(t: TestContext) {
  const simulator = await startSimulator({ payers: 1, scripted: false })
  const folder = await mkdtemp(join(tmpdir(), 'payer-status-terminal-'))
  t.after(async () => {
    await simulator[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })
  const file = join(folder, 'payers.yaml')
  await writeFile(file, simulator.configYaml({ interval: '1s' }))
  const endpoints = simulator.payers.flatMap(({ endpoints }) => endpoints)
  const payerStatus = `${process.execPath} --conditions=source ${MAIN}`
  return { folder, file, endpoints, simulator, payerStatus }
}

/** What stands on a terminal of 90 columns, with its colours, when a command has ended. */
async function onTerminal(folder: string, command: string): Promise<string> {
  const socket = join(folder, 'tmux')
  const tmux = (...args: string[]) => run(TMUX, ['-S', socket, '-f', '/dev/null', ...args])
  const size = ['-x', String(COLUMNS), '-y', '40']
  const script = `${command}; tmux -S ${socket} wait-for -S ended; cat`
  try {
    await tmux('new-session', '-d', ...size, 'sh', '-c', script)
    await tmux('wait-for', 'ended')
    const { stdout } = await tmux('capture-pane', '-p', '-e')
    return stdout.trimEnd()
  } finally {
    await tmux('kill-server').catch(() => {}) // before its socket goes with the folder
  }
}

test('in a terminal a check has colours, fits the width and leaves no progress behind', async (t) => {
  if (!existsSync(TMUX)) return t.skip('not run: needs tmux')
  const { folder, file, endpoints, simulator, payerStatus } = await aShell(t)
  await simulator.force(endpoints[0]?.id ?? '', { kind: 'status', status: 500 })

  const screen = await onTerminal(folder, `${payerStatus} check --config ${file}`)
  const lines = screen.split('\n')

  assert.equal(lines.length, endpoints.length + 1)
  assert.ok(lines.some((line) => line.includes('\u001b[32moperational')))
  assert.ok(lines.some((line) => line.includes('\u001b[31mdown')))
  assert.ok(!screen.includes('probed'))
})

test('in a terminal a probe is a waterfall', async (t) => {
  if (!existsSync(TMUX)) return t.skip('not run: needs tmux')
  const { folder, endpoints, payerStatus } = await aShell(t)

  const screen = await onTerminal(folder, `${payerStatus} probe ${endpoints[0]?.url}`)

  assert.match(screen, /^GET http:\/\/127\.0\.0\.1:/)
  assert.match(screen, /first byte .* █+/)
})

test('in a pipe there are no colours, and a reader that has seen enough ends nothing badly', async (t) => {
  const { file, endpoints, payerStatus } = await aShell(t)
  const sh = (script: string) => run('bash', ['-c', `set -o pipefail; ${script}`])

  const all = await sh(`${payerStatus} check --config ${file} | cat`)
  const first = await sh(`${payerStatus} check --config ${file} | head -1`)

  assert.ok(!all.stdout.includes('\u001b'))
  assert.equal(all.stderr, '')
  assert.ok(all.stdout.startsWith(`${endpoints[0]?.id} `))
  assert.equal(first.stdout.split('\n').length, 2)
  assert.equal(first.stderr, '')
})
