/** `npm run dev`: the monitor, started again when a source of the server changes; the board is built again when one of its own does. */
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { buildBoard } from './build-board.mjs'

const args = [
  '--conditions=source',
  '--watch',
  '--watch-preserve-output',
  'server/src/main.ts',
  ...process.argv.slice(2),
]
const monitor = spawn(process.execPath, args, { stdio: 'inherit' })

let pending
for (const folder of ['web', 'client/src', 'protocol/src'])
  watch(folder, { recursive: true }, (_, file) => {
    if (file?.startsWith('dist')) return
    clearTimeout(pending)
    pending = setTimeout(() => {
      buildBoard().catch((error) => console.error(error.message))
    }, 200)
  })

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => monitor.kill(signal))
monitor.on('exit', (code) => process.exit(code ?? 0))
