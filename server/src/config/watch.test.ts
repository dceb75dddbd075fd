import assert from 'node:assert/strict'
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { type TempDirectory, tempDirectory } from '../../test/corpus/load-text.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { type SeenFile, SeenFiles } from './seen.ts'
import { watchFiles } from './watch.ts'

/** A watch whose time stands still; `next` moves it on until a change is noticed, `calm` shows that none is. */
async function watching(t: test.TestContext, files: readonly string[]) {
  const clock = new FakeClock()
  let changes = 0
  const watch = watchFiles(await seen(files), { clock, onChange: () => changes++ })
  t.after(() => watch[Symbol.dispose]())
  return {
    watch,
    clock,
    async settled(rounds = 5) {
      for (let i = 0; i < rounds; i++) await clock.advance(6_000).then(io)
      return changes
    },
  }
}

/** What files are like now. */
async function seen(paths: readonly string[]): Promise<SeenFile[]> {
  const files = new SeenFiles()
  for (const path of paths) await files.look(path)
  return files.all
}

/** Waits for a few turns of real input and output. */
async function io(): Promise<void> {
  for (let i = 0; i < 5; i++) await writeFile('/dev/null', '')
}

const CHANGES: [string, (path: string, directory: TempDirectory) => Promise<unknown>][] = [
  ['written again', (path) => writeFile(path, 'version: 1 # longer')],
  [
    'replaced, as editors do',
    async (path, directory) => rename(await directory.write('new~', 'version: 1'), path),
  ],
  ['removed', (path) => rm(path)],
]

for (const [how, change] of CHANGES)
  test(`a file that is ${how} is noticed once`, async (t) => {
    await using directory = await tempDirectory()
    const path = await directory.write('payers.yaml', 'version: 1')
    const { settled } = await watching(t, [path])
    assert.equal(await settled(), 0)

    await change(path, directory)

    assert.equal(await settled(), 1)
  })

test('the symbolic link that Kubernetes swaps under a ConfigMap is noticed', async (t) => {
  await using directory = await tempDirectory()
  const below = (name: string) => join(directory.path, name)
  for (const [version, text] of [
    ['..2026_1', 'version: 1'],
    ['..2026_2', 'version: 1 # two'],
  ] as const) {
    await mkdir(below(version))
    await writeFile(join(below(version), 'payers.yaml'), text)
  }
  await symlink('..2026_1', below('..data'))
  await symlink('..data/payers.yaml', below('payers.yaml'))
  const { settled } = await watching(t, [below('payers.yaml')])

  await symlink('..2026_2', below('..data_tmp'))
  await rename(below('..data_tmp'), below('..data'))
  await rm(below('..2026_1'), { recursive: true })

  assert.equal(await settled(), 1)
})

test('a file, and a directory, that did not exist is noticed when it comes', async (t) => {
  await using directory = await tempDirectory()
  const { settled } = await watching(t, [join(directory.path, 'later/payers.yaml')])
  assert.equal(await settled(), 0)

  await directory.write('later/payers.yaml', 'version: 1')

  assert.equal(await settled(), 1)
})

test('a new file in a watched directory is noticed', async (t) => {
  await using directory = await tempDirectory()
  await directory.write('payers.d/a.yaml', 'payers: []')
  const { settled } = await watching(t, [join(directory.path, 'payers.d')])
  assert.equal(await settled(), 0)

  await directory.write('payers.d/b.yaml', 'payers: []')

  assert.equal(await settled(), 1)
})

test('a file beside the watched ones is no change', async (t) => {
  await using directory = await tempDirectory()
  const path = await directory.write('payers.yaml', 'version: 1')
  const { settled } = await watching(t, [path])
  assert.equal(await settled(), 0)

  await directory.write('other.yaml', 'x')

  assert.equal(await settled(), 0)
})

test('a change that came after the file was seen and before it was watched is noticed', async (t) => {
  await using directory = await tempDirectory()
  const path = await directory.write('payers.yaml', 'version: 1')
  const before = await seen([path])
  await writeFile(path, 'version: 1 # longer')
  const clock = new FakeClock()
  const noticed = Promise.withResolvers<void>()

  const watch = watchFiles(before, { clock, onChange: noticed.resolve })
  t.after(() => watch[Symbol.dispose]())
  await clock.advance(200)

  await noticed.promise
})

test('after it is disposed of nothing is noticed and no timer is left', async (t) => {
  await using directory = await tempDirectory()
  const path = await directory.write('payers.yaml', 'version: 1')
  const { watch, clock, settled } = await watching(t, [path])
  assert.equal(await settled(), 0)

  watch[Symbol.dispose]()
  await writeFile(path, 'version: 1 # longer')

  assert.equal(await settled(), 0)
  assert.equal(clock.waiting, 0)
})

test('the system’s own notice needs no poll', async (t) => {
  await using directory = await tempDirectory()
  const path = await directory.write('payers.yaml', 'version: 1')
  const clock = new FakeClock()
  const noticed = Promise.withResolvers<void>()
  const watch = watchFiles(await seen([path]), { clock, onChange: noticed.resolve })
  t.after(() => watch[Symbol.dispose]())
  await clock.advance(200)

  await writeFile(path, 'version: 1 # longer')
  while (clock.waiting < 2) await io()
  await clock.advance(200)

  await noticed.promise
  assert.ok(clock.monotonic() < 1_000)
})
