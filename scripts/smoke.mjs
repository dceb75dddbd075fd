/**
 * Starts the monitor as a user would, waits until it says where it is, asks it whether it is healthy, stops it with one
 * SIGTERM and expects exit code 0:  node scripts/smoke.mjs [--within SECONDS] [--cwd FOLDER] -- COMMAND ...
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { within: { type: 'string', default: '30' }, cwd: { type: 'string', default: '.' } },
})
const [command, ...args] = positionals
const started = performance.now()
const child = spawn(command, args, { cwd: values.cwd, stdio: ['ignore', 'pipe', 'inherit'] })
const ended = once(child, 'close')
const late = setTimeout(
  () => fail(`said nothing within ${values.within} s`),
  Number(values.within) * 1_000,
)

let out = ''
for await (const chunk of child.stdout) {
  out += chunk
  if (/Stop/.test(out)) break
}
clearTimeout(late)
const seconds = (performance.now() - started) / 1_000
const [, url] = /Board\s+(\S+)/.exec(out) ?? fail('ended without saying where it is')
const health = await (await fetch(new URL('/health', url))).json()
if (health.status !== 'healthy') fail(`is ${health.status}`)
const board = await (await fetch(url)).text()
if (!board.includes('Payer Status Monitor')) fail('serves no board')
child.kill('SIGTERM')
child.stdout.resume()
const [code] = await ended
if (code !== 0) fail(`ended with ${code}`)
console.log(`ok  ${positionals.join(' ')}: ready in ${seconds.toFixed(1)} s, stopped with 0`)

function fail(why) {
  console.error(`FAIL ${positionals.join(' ')}: ${why}\n${out}`)
  child.kill('SIGKILL')
  process.exit(1)
}
