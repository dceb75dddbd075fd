/**
 * Runs every test with Node's own runner: `npm test`, or `npm test -- judge hub` for the files whose path contains a word.
 * Ends with one line that counts tests; the exit code is 1 when one failed.
 */
import { globSync } from 'node:fs'
import { relative } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

const words = process.argv.slice(2)
const files = globSync('{protocol,client,server,web,simulator,scripts,bench}/**/*.test.ts', {
  exclude: (path) => /(^|\/)(node_modules|dist)(\/|$)/.test(path),
}).filter((file) => words.length === 0 || words.some((word) => file.includes(word)))

if (files.length === 0) {
  console.error(`no test file matches ${words.join(' ')}`)
  process.exit(2)
}

/** What drives browsers and whole monitors begins first, so that nothing long is left over at the end. */
function longestFirst(a, b) {
  const rank = (file) =>
    [/looks/, /^web\/test/, /smoke/, /e2e/, /^server\/test/, /^bench/, /./].findIndex((p) =>
      p.test(file),
    )
  return rank(a) - rank(b) || a.localeCompare(b)
}

// Compiled once, not once for each of a hundred test processes.
process.env.NODE_COMPILE_CACHE ??= 'node_modules/.cache/compiled'

const counts = { passed: 0, failed: 0, skipped: 0 }
const took = []
const started = performance.now()
const stream = run({
  files: files.sort(longestFirst),
  concurrency: 3, // many tests wait for sockets and clocks more than they compute
  execArgv: ['--conditions=source'],
  timeout: 120_000,
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
