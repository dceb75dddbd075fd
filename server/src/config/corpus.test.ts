import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { problemsOf } from '../../test/corpus/load-text.ts'
import { optionIn, options } from '../../test/corpus/options.ts'
import { ConfigError } from '../lib/errors.ts'
import { loadConfig } from './load.ts'

const corpus = join(import.meta.dirname, '../../test/corpus/broken')
const names = readdirSync(corpus).filter((name) => name.endsWith('.broken'))

for (const name of names)
  test(`of the broken file ${name} every mistake is told, with its line`, async () => {
    const expected = expectedOf(name)

    const loading = loadConfig({ path: name, cwd: corpus, env: {}, flags: {}, shipped: '' })

    await assert.rejects(loading, (error) => {
      assert.ok(error instanceof ConfigError)
      assert.equal(`${error.problems.join('\n')}\n`, expected)
      assert.equal(error.message, error.problems.join('\n'))
      return true
    })
  })

test('of every option there is a wrong value in the corpus, and of every single value a hostile one', () => {
  const [hostile, wrong] = [true, false].map((isHostile) =>
    complainedOf(names.filter((name) => name.startsWith('hostile') === isHostile)),
  )
  const all = options()
  const single = all.filter((path) => !all.some((other) => other.startsWith(`${path}.`)))

  assert.deepEqual(
    all.filter((path) => !wrong?.has(path)),
    [],
  )
  assert.deepEqual(
    single.filter((path) => !hostile?.has(path)),
    [],
  )
})

test('no message of the corpus quotes a secret', () => {
  const telling = names.filter((name) => expectedOf(name).includes('CANARY'))
  const holding = names.filter((name) => readFileSync(join(corpus, name)).includes('CANARY'))

  assert.deepEqual(telling, [])
  assert.ok(holding.length > 3)
})

function expectedOf(name: string): string {
  return readFileSync(join(corpus, name.replace('.broken', '.expected')), 'utf8')
}

/** The options that these files get wrong; a key that nobody knows is none. */
function complainedOf(files: readonly string[]): Set<string | undefined> {
  const lines = files.flatMap((name) => expectedOf(name).split('\n'))
  return new Set(lines.filter((line) => !line.includes('unknown key')).map(optionIn))
}

const NOT_TEXT: [string, Uint8Array, string][] = [
  ['a zero byte', Buffer.from('version: 1\0'), 'the file is not text: it has a zero byte'],
  ['other bytes', Buffer.from([0x76, 0xff, 0xfe, 0x31]), 'the file is not UTF-8 text'],
  ['6 MiB', Buffer.alloc(6 * 1024 ** 2, '#'), 'the file is larger than 5 MiB'],
  ['nothing', Buffer.alloc(0), 'the file is empty; expected "version: 1" and a list of payers'],
]

for (const [what, bytes, message] of NOT_TEXT)
  test(`a file of ${what} is refused in one sentence`, async () => {
    assert.deepEqual(await problemsOf(bytes), [`payers.yaml: ${message}`])
  })

const EXPENSIVE: [string, string, string][] = [
  ['brackets', '['.repeat(1_000_000), 'lists and mappings are nested too deeply'],
  ['dashes', '- '.repeat(1_000_000), 'lists and mappings are nested too deeply'],
  ['question marks', '? '.repeat(1_000_000), 'lists and mappings are nested too deeply'],
  ['commas', `a: [${'x,'.repeat(1_000_000)}]`, 'the file has too many entries'],
  [
    'backslashes',
    `a: "${'\\'.repeat(1_000_000)}`,
    'a colon, comma, quote or closing bracket is missing',
  ],
  [
    'tags',
    '!'.repeat(1_000_000),
    'a tag ("!...") has no meaning here; quote a value that begins with "!"',
  ],
]

for (const [what, text, message] of EXPENSIVE)
  test(`a million ${what} are refused soon`, async () => {
    assert.deepEqual(await problemsOf(text), [`payers.yaml:1: ${message}`])
  })

test('a file whose aliases multiply is refused before they are followed', async () => {
  const lines = ['version: 1', 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let i = 1; i < 12; i++)
    lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join()}]`)

  const problems = await problemsOf(lines.join('\n'))

  assert.match(problems.join('\n'), /^payers\.yaml:1: lists and mappings are too many or too deep/)
})

test('a byte order mark and CRLF line ends do no harm', async () => {
  assert.deepEqual(await problemsOf('\uFEFFversion: 1\r\npayers: []\r\n'), [])
})
