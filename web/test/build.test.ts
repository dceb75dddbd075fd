import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { buildBoard } from '../../scripts/build-board.mjs'

async function newDir(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'board-'))
  t.after(() => rm(dir, { recursive: true }))
  return dir
}

test('the build has hashed names, and nothing inline or from elsewhere', async (t) => {
  const outDir = await newDir(t)

  await buildBoard({ outDir })
  const names = (await readdir(outDir)).sort()
  const page = await readFile(join(outDir, 'index.html'), 'utf8')

  assert.equal(names.length, 4)
  for (const name of names.filter((one) => one !== 'index.html')) {
    assert.match(name, /^(?:board|favicon)-[0-9a-f]{10}\.(?:js|css|svg)$/)
    assert.ok(page.includes(`"${name}"`), `${name} is named by the page`)
  }
  assert.match(page, /<title>Payer Status Monitor<\/title>/)
  assert.doesNotMatch(page, /<style|style=|<script(?! type="module" src)|https?:|\bon[a-z]+="/)
})

test('a page is not heavy: script and styles together under 40 KB compressed', async (t) => {
  const outDir = await newDir(t)

  await buildBoard({ outDir })
  const names = await readdir(outDir)
  const sizes = await Promise.all(
    names.map(async (name) => gzipSync(await readFile(join(outDir, name))).length),
  )

  assert.ok(sizes.reduce((sum, size) => sum + size, 0) < 40 * 1024)
})

test('what is newer than its sources is not built again', async (t) => {
  const outDir = await newDir(t)

  const first = await buildBoard({ outDir })
  const second = await buildBoard({ outDir })

  assert.deepEqual([first.isFresh, second.isFresh], [false, true])
})
