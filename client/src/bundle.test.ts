import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

test('the browser build is under 6 KB compressed and holds nothing but this package', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('index.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['source'],
    metafile: true,
    write: false,
  })

  const size = gzipSync(outputFiles[0]?.contents ?? '').length
  assert.ok(size < 6 * 1024, `${size} bytes`)
  assert.ok(Object.keys(metafile.inputs).every((path) => path.includes('client/src/')))
})
