/**
 * Makes a fresh clone ready to run: installs what is missing, builds the board when its sources are newer.
 * Plain JavaScript for any Node from 20 on: it runs before the pinned Node is there.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'

const installed = 'node_modules/.package-lock.json'

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync('package-lock.json').mtimeMs) {
  console.error('Installing what the monitor needs (once, about 20 s) ...')
  const started = Date.now()
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync('npm', args, { stdio: ['ignore', 2, 2] })
  if (status !== 0) {
    console.error('npm ci failed; its messages are above.')
    process.exit(1)
  }
  console.error(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`)
}

const { buildBoard } = await import('./build-board.mjs')
await buildBoard()
