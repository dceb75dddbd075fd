import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Result } from './results.ts'
import { whereIs } from './rivals/installed.ts'

const run = promisify(execFile)
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

async function bench(...args: string[]) {
  return await run(process.execPath, ['--conditions=source', MAIN, ...args])
}

test('a smoke run measures everything it is asked for and writes it down', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-smoke-'))
  t.after(() => rm(folder, { recursive: true }))
  const json = join(folder, 'results.json')

  const { stdout } = await bench('--smoke', '--json', json, 'fanout', 'resume', 'slow')
  const results = JSON.parse(await readFile(json, 'utf8')) as Result[]
  const values = new Map(
    results.flatMap(({ scenario, figures }) =>
      figures.map(({ name, median }) => [`${scenario}: ${name}`, median] as const),
    ),
  )

  assert.deepEqual(
    results.map(({ scenario }) => scenario),
    ['fanout', 'slow', 'resume'],
  )
  assert.ok([...values.values()].every(Number.isFinite))
  assert.ok((values.get('fanout: updates per frame') ?? 0) > 0)
  assert.equal(values.get('slow: others that got updates'), 100)
  assert.equal(values.get('slow: clients closed'), 0)
  assert.equal(values.get('resume: clients that came back'), 100)
  assert.equal(values.get('resume: resumed without a snapshot'), 100)
  // The floor is written in C.
  assert.equal(values.has('fanout: ratio to the floor'), (await whereIs('cc')) !== undefined)
  assert.match(stdout, /^fanout: /m)
})

test('a name that is none is refused with exit code 2 and a near one', async () => {
  await assert.rejects(bench('fanuot'), ({ code, stderr }: { code: number; stderr: string }) => {
    assert.equal(code, 2)
    assert.match(stderr, /did you mean fanout/)
    return true
  })
})

test('the list has every scenario with a sentence', async () => {
  const { stdout } = await bench('--list')

  for (const line of stdout.trimEnd().split('\n')) assert.match(line, /^ {2}[a-z-]+ {2,}\S+ \S+/)
})
