import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { ask } from '../../test/support/http-client.ts'
import { startHttp } from '../../test/support/http-monitor.ts'

const headers = { host: 'localhost' }

async function builtBoard(t: TestContext): Promise<string> {
  const parent = await mkdtemp(path.join(tmpdir(), 'board-'))
  t.after(() => rm(parent, { recursive: true }))
  const directory = path.join(parent, 'dist')
  await mkdir(path.join(directory, 'assets'), { recursive: true })
  await writeFile(path.join(parent, 'secret.txt'), 'secret')
  await writeFile(path.join(directory, 'index.html'), '<title>Payer Status Monitor</title>')
  await writeFile(path.join(directory, 'assets', 'app-5H3K2JQX.js'), 'console.log(1)')
  await writeFile(path.join(directory, 'favicon.svg'), '<svg/>')
  await writeFile(path.join(directory, '.env'), 'secret')
  return directory
}

test('the board’s page is revalidated, files with a hash in their name are kept for ever', async (t) => {
  const { port } = await startHttp(t, { boardDirectory: await builtBoard(t) })

  const page = await ask(port, { path: '/', headers })
  const script = await ask(port, { path: '/assets/app-5H3K2JQX.js', headers })
  const icon = await ask(port, { path: '/favicon.svg', headers })

  assert.match(page.text, /Payer Status Monitor/)
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8')
  assert.equal(page.headers['cache-control'], 'no-cache')
  assert.match(script.headers['content-type'] as string, /javascript/)
  assert.equal(script.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal(icon.headers['cache-control'], 'no-cache')
})

test('an unchanged page is 304', async (t) => {
  const { port } = await startHttp(t, { boardDirectory: await builtBoard(t) })
  const { headers: first } = await ask(port, { path: '/', headers })

  const again = await ask(port, { path: '/', headers: { ...headers, 'if-none-match': first.etag } })

  assert.equal(again.status, 304)
})

test('nothing outside the directory, hidden or missing is served', async (t) => {
  const directory = await builtBoard(t)
  await symlink(path.join(directory, '..', 'secret.txt'), path.join(directory, '.link'))
  const { port } = await startHttp(t, { boardDirectory: directory })
  const hostile = [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '//etc/passwd',
    '/assets',
    '/assets/',
    '/.env',
    '/.link',
    '/missing.js',
    '/assets/..%5c..%5csecret.txt',
    '/index.html%00.js',
  ]

  for (const at of hostile) {
    const answer = await ask(port, { path: at, headers })
    assert.ok([400, 403, 404].includes(answer.status), `${at} ${answer.status}`)
    assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8', at)
    assert.doesNotMatch(answer.text, /secret|passwd|root:/)
    assert.equal(answer.headers['cache-control'], 'no-store')
  }
})

test('the board’s files do not hide the API', async (t) => {
  const { port } = await startHttp(t, { boardDirectory: await builtBoard(t) })

  assert.equal((await ask(port, { path: '/health', headers })).status, 200)
  assert.equal((await ask(port, { path: '/health', method: 'POST', headers })).status, 405)
  assert.equal((await ask(port, { path: '/missing', method: 'POST', headers })).status, 404)
})

test('a board that is not built says how to build it', async (t) => {
  const { port } = await startHttp(t, { boardDirectory: undefined })

  const page = await ask(port, { path: '/', headers })

  assert.match(page.text, /npm run build/)
})
