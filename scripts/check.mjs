/** `npm run check`: types, lint and format, the architecture, generated files fresh. Says what failed and goes on. */
import { spawnSync } from 'node:child_process'

const node = [process.execPath, '--conditions=source']
const checks = [
  ['types', ['tsc', '-p', '.']],
  ['types of the board', ['tsc', '-p', 'web']],
  ['lint and format', ['biome', 'check', '--error-on-warnings', '.']],
  ['architecture', [...node, '--test', 'server/test/architecture.test.ts']],
  ['generated files', [...node, 'scripts/generate.ts', '--check']],
]

let failed = 0
for (const [name, [command, ...args]] of checks) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'}  ${name}`)
  if (status === 0) continue
  failed++
  console.log(`${stdout}${stderr}`)
}
process.exitCode = failed === 0 ? 0 : 1
