import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyCharacter } from '../../test/support/any-character.ts'
import { isFound, patternMistake } from './pattern.ts'

const FOUND: [string, string, boolean][] = [
  ['sign in', 'please sign in', true],
  ['Sign in', 'please sign in', false],
  ['(?i)Sign\\s+in', 'please sign \n in', true],
  ['^ok$', 'ok', true],
  ['^ok$', 'not\nok', false],
  ['(?m)^ok$', 'not\nok', true],
  ['\\bmaintenance\\b', 'in maintenance.', true],
  ['^\\p{L}+$', 'Añadir', true],
  ['.', '', false],
  ['^v[0-9]+(?:\\.[0-9]+){2}$', 'v1.20.300', true],
]

for (const [pattern, text, expected] of FOUND)
  test(`${pattern} is ${expected ? '' : 'not '}found in ${JSON.stringify(text)}`, () => {
    assert.equal(patternMistake(pattern), undefined)
    assert.equal(isFound(pattern, text), expected)
  })

const WRONG: [string, string][] = [
  ['a(b', 'missing closing )'],
  ['[a', 'missing closing ]'],
  ['a**', 'invalid nested repetition operator'],
  ['(?=a)b', 'invalid or unsupported Perl syntax'],
  ['(?<!a)b', 'invalid named capture'],
  ['(a)\\1', 'invalid escape sequence'],
  ['x{1001}', 'invalid repeat count'],
  ['(x{100}){100}', 'invalid repeat count'],
  ['(a|aa|aaa){1,300}', 'it is too large: 3001 of 300'],
]

for (const [pattern, mistake] of WRONG)
  test(`of ${pattern} the mistake is told without quoting it`, () => {
    assert.equal(patternMistake(pattern), mistake)
  })

test('what would take a backtracking engine for ever is over soon', () => {
  const started = performance.now()

  for (const pattern of ['^(a+)+$', '(a|a)*b|c', '(x+x+)+y', '(.*)(.*)(.*)(.*)b'])
    isFound(pattern, `${'ax'.repeat(20_000)}!`)

  assert.ok(performance.now() - started < 5_000)
})

test('any text is either no pattern or can be looked for in any text', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 40 }),
      fc.string({ unit: anyCharacter }),
      (pattern, text) => {
        if (patternMistake(pattern) === undefined)
          assert.equal(typeof isFound(pattern, text), 'boolean')
      },
    ),
  )
})
