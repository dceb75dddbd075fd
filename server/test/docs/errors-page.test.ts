import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloseCode, ErrorCode, FailureKind, ReasonKind } from '@payer-status/protocol'
import { EXIT } from '../../src/cli/io.ts'
import { ProblemCode, ProblemError, problemOf } from '../../src/serve/problem.ts'
import { found, readPage, rows, section, sources, spans, subjects } from './pages.ts'

const page = readPage('errors.md')
const protocol = readPage('protocol.md')

test('every code of an AppError has its entry, and no other', () => {
  const thrown = found(
    sources('**/*.ts'),
    /(?:AppError\(|super\(|return \{ code: )\s*'(ERR_[A-Z_]+)'/g,
  )

  assert.deepEqual(subjects(page, 'Errors of the monitor'), thrown)
  assert.ok(thrown.length >= 6)
})

const LISTS: Record<string, readonly string[]> = {
  'Problem codes': ProblemCode.options,
  'Error frames': ErrorCode.options,
  'Failure kinds': FailureKind.options,
  Circumstances: ReasonKind.options.filter((kind) => !FailureKind.options.includes(kind as never)),
}

for (const [heading, codes] of Object.entries(LISTS)) {
  test(`${heading}: each has its entry, and no other`, () => {
    assert.deepEqual(subjects(page, heading), [...codes].sort())
  })
}

test('every close code has its entry, the same ones as in the protocol', () => {
  const codes = subjects(page, 'Close codes')
  const inProtocol = subjects(protocol, 'Close codes').filter((code) => /^\d{4}$/.test(code))

  for (const code of Object.values(CloseCode)) assert.ok(codes.includes(String(code)), `${code}`)
  assert.deepEqual(codes, [...inProtocol, '1006'].sort())
})

test('every code of a result has its entry, and no other', () => {
  const network = found(sources('probe/evaluate/network.ts'), /^ {2}'([\w.]+)': \[/gm)
  const others = found(sources('probe/evaluate/answer.ts'), /'((?:http|body|expect)\.\w+|slow)'/g)
  const retries = found(sources('probe/retry.ts'), /'(retried)'/g)

  const known = new Set([...network, ...others, ...retries])
  assert.deepEqual(subjects(page, 'Result codes'), [...known].sort())
  assert.ok(network.length >= 28 && others.length >= 5)
  assert.match(section(page, 'Result codes'), /`HTTP:`/)
})

test('every exit code has its entry', () => {
  const killed = found(
    /KILLED_BY = \{([^}]*)\}/.exec(sources('cli/serve.ts'))?.[1] ?? '',
    /: (\d+)/g,
  )

  const codes = [...Object.values(EXIT).map(String), ...killed]
  assert.deepEqual(subjects(page, 'Exit codes'), codes.sort())
  assert.equal(killed.length, 2)
})

test('what the protocol calls not sent yet is called so here, and nothing else is', () => {
  const marked = ['Problem codes', 'Error frames', 'Close codes', 'Failure kinds'].flatMap(
    (heading) =>
      rows(page, heading)
        .filter((cells) => cells.some((cell) => cell.startsWith('Not sent yet')))
        .flatMap(([first = '']) => spans(first)),
  )
  const unsent = rows(protocol, 'Defined, not sent yet')
    .filter(([what = '']) => /codes|failure/.test(what))
    .flatMap(([, words = '']) => spans(words))

  assert.deepEqual(marked.sort(), unsent.sort())
})

test('the problem codes have the statuses that are sent, here and in the protocol', () => {
  const first = (name: string, from = page) =>
    new Map(rows(from, name).map(([code, status = '']) => [code, /\d+/.exec(status)?.[0]]))

  const sent = ProblemCode.options.map((code): [string, string] => {
    const { problem } = problemOf(new ProblemError(code, ''), '')
    return [`\`${code}\``, String(problem.status)]
  })

  assert.deepEqual(first('Problem codes'), first('Problems', protocol))
  assert.deepEqual(first('Problem codes'), new Map(sent))
})
