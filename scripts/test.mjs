/**
 * Runs every test with Node's own runner: `npm test`, or `npm test -- judge hub` for the files whose path contains a word.
 * Ends with one line that counts tests; the exit code is 1 when one failed.
 */
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { pathToFileURL } from 'node:url'

const words = process.argv.slice(2)
const files = globSync('{protocol,client,server,web,simulator,scripts,bench}/**/*.test.ts', {
  exclude: (path) => /(^|\/)(node_modules|dist)(\/|$)/.test(path),
}).filter((file) => words.length === 0 || words.some((word) => file.includes(word)))

if (files.length === 0) {
  console.error(`no test file matches ${words.join(' ')}`)
  process.exit(2)
}

/** What runs whole programs, many threads or a long simulation has a process for each file. */
const ALONE = /^server\/test\/(e2e|interop)|smoke|week|rivals|load-client/
const ROOMS = 'node_modules/.cache/rooms'

/** What shares a process: the small tests of a folder of the server, those of another package, and the board's with one browser each. */
function roomOf(file) {
  const [what, where, room] = file.split('/')
  if (what === 'server') return where === 'test' ? 'server-test' : `server-${where}-${room}`
  if (what !== 'web' || where !== 'test') return 'packages'
  return /days|history|incidents/.test(file) ? 'web-past' : 'web-now'
}

/** One file to run for each room: starting a process for each of two hundred costs more than they do. */
function rooms() {
  rmSync(ROOMS, { recursive: true, force: true })
  mkdirSync(ROOMS, { recursive: true })
  const byRoom = Object.groupBy(
    files.filter((file) => !ALONE.test(file)),
    roomOf,
  )
  return Object.entries(byRoom).map(([name, members]) => {
    const room = join(ROOMS, `${name}.test.mjs`)
    const imports = members.sort().map((file) => `import ${JSON.stringify(pathToFileURL(file))}`)
    writeFileSync(room, `${imports.join('\n')}\n`)
    return room
  })
}

/** What takes longest begins first, so that nothing long is left over at the end. */
function longestFirst(a, b) {
  const order = [
    /web-/,
    /src-serve|command/,
    /src-(store|config)|threads|crash|offline|reload/,
    /e2e|interop|smoke|week/,
  ]
  const rank = (file) => {
    const place = order.findIndex((pattern) => pattern.test(file))
    return place === -1 ? order.length : place
  }
  return rank(a) - rank(b) || a.localeCompare(b)
}

// Compiled once, not once for each test process.
process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/compiled')

const counts = { passed: 0, failed: 0, skipped: 0 }
const took = []
const started = performance.now()
const stream = run({
  files: [...files.filter((file) => ALONE.test(file)), ...rooms()].sort(longestFirst),
  concurrency: 4, // many tests wait for sockets and clocks more than they compute
  execArgv: ['--conditions=source'],
  timeout: 300_000,
})
stream.on('test:summary', ({ file, counts: total, duration_ms: ms }) => {
  if (file !== undefined) {
    took.push({ file: relative('.', file), seconds: ms / 1_000 })
    return
  }
  counts.passed = total.passed
  counts.failed = total.tests - total.passed - total.skipped - total.todo
  counts.skipped = total.skipped + total.todo
})
stream.compose(spec()).pipe(process.stdout, { end: false })
await new Promise((resolve) => stream.on('end', resolve))

const seconds = Math.round((performance.now() - started) / 1_000)
setImmediate(() => {
  const long = took.sort((a, b) => b.seconds - a.seconds).slice(0, 5)
  console.log(`\n${files.length} files in ${seconds} s; the longest:`)
  for (const one of long) console.log(`${one.seconds.toFixed(1).padStart(6)} s  ${one.file}`)
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0
})
