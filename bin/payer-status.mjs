#!/usr/bin/env node
/** `npx payer-status`: the command line in a clone, on the Node that the project pins. Plain JavaScript for any Node from 20 on. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const here = process.cwd()
process.chdir(root)
await import('../scripts/bootstrap.mjs')
process.chdir(here)

const node = `${root}node_modules/.bin/node`
const flags = ['--conditions=source', '--enable-source-maps', '--max-semi-space-size=8']
const args = [...flags, `${root}server/src/main.ts`, ...process.argv.slice(2)]
const child = spawn(node, args, { stdio: 'inherit' })
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', ({ message }) => {
  console.error(`${node} cannot be started: ${message}`)
  process.exitCode = 2
})
child.on('close', (code, signal) => {
  process.exitCode = code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15)
})
