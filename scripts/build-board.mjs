/**
 * Builds the board from web/ into web/dist, with the hash of its content in every file name but index.html's.
 * Plain JavaScript, because the bootstrap runs it on whatever Node the machine has.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const WEB = join(ROOT, 'web')
const SOURCES = [
  'web/src',
  'web/index.html',
  'client/src',
  'protocol/src',
  'package-lock.json',
  'scripts/build-board.mjs',
].map((path) => join(ROOT, path))

/**
 * Builds the board unless what is there is newer than all it is made from.
 *
 * @param {{ outDir?: string, force?: boolean }} [options]
 * @returns {Promise<{ outDir: string, isFresh: boolean }>} where it is, and whether it was there already
 */
export async function buildBoard({ outDir = join(WEB, 'dist'), force = false } = {}) {
  const begun = performance.now()
  if (!force && (await changedAt(join(outDir, 'index.html'))) > (await latestChange(SOURCES))) {
    return { outDir, isFresh: true }
  }
  const files = await bundled()
  await replaceFiles(outDir, files)
  const script = files.find(({ name }) => name.endsWith('.js'))
  const size = Math.round(gzipSync(script?.contents ?? '').length / 1024)
  console.log(
    `board: built in ${Math.round(performance.now() - begun)} ms, script ${size} KB compressed`,
  )
  return { outDir, isFresh: false }
}

/** The files of the board; index.html is the last. */
async function bundled() {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: { board: join(WEB, 'src/board.tsx'), styles: join(WEB, 'src/styles/board.css') },
    outdir: join(WEB, 'dist'),
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    conditions: ['source'],
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    write: false,
  })
  const icon = await readFile(join(WEB, 'src/favicon.svg'))
  const built = outputFiles.map(({ path, contents }) => ({
    written: basename(path) === 'styles.css' ? 'board.css' : basename(path),
    contents,
  }))
  const assets = [...built, { written: 'favicon.svg', contents: icon }].map(hashed)
  const page = assets.reduce(
    (html, { written, name }) => html.replace(`"${written}"`, `"${name}"`),
    await readFile(join(WEB, 'index.html'), 'utf8'),
  )
  return [...assets, { name: 'index.html', contents: page }]
}

function hashed({ written, contents }) {
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 10)
  return { written, contents, name: written.replace('.', `-${hash}.`) }
}

/** Writes the new files, the page last, and then removes the old: a running server always has a whole board. */
async function replaceFiles(outDir, files) {
  await mkdir(outDir, { recursive: true })
  for (const { name, contents } of files) await writeFile(join(outDir, name), contents)
  const names = new Set(files.map(({ name }) => name))
  const old = (await readdir(outDir)).filter((name) => !names.has(name))
  await Promise.all(old.map((name) => rm(join(outDir, name), { recursive: true })))
}

/** When the youngest file in these places was changed, epoch ms. */
async function latestChange(paths) {
  const times = await Promise.all(paths.map(changeIn))
  return Math.max(0, ...times)
}

async function changeIn(path) {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  const inside = entries.map((entry) => changeIn(join(path, entry.name)))
  return Math.max(await changedAt(path), ...(await Promise.all(inside)))
}

/** 0 when there is no such file. */
async function changedAt(path) {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildBoard({ force: true })
