import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { filesIn, type Lookup, mapTexts, substitute } from './substitute.ts'

const lookup: Lookup = {
  variable: (name) => ({ SET: 'value', EMPTY: '', TRICKY: `\${SET} $\${SET} $& $1` })[name],
  file: (path) => (path === '/run/secrets/x' ? { text: 'hidden' } : { mistake: 'it is absent' }),
}

const FILLED: [string, string][] = [
  ['plain', 'plain'],
  ['', ''],
  [`\${SET}`, 'value'],
  [`a \${SET} b \${SET}`, 'a value b value'],
  [`\${EMPTY}`, ''],
  [`\${UNSET:-other}`, 'other'],
  [`\${EMPTY:-other}`, 'other'],
  [`\${SET:-other}`, 'value'],
  [`\${UNSET:-}`, ''],
  [`\${UNSET:-a:-b:?c}`, 'a:-b:?c'],
  [`\${SET:?say so}`, 'value'],
  [`Bearer \${file:/run/secrets/x}`, 'Bearer hidden'],
  [`$\${SET}`, `\${SET}`],
  [`$$\${SET}`, `$\${SET}`],
  ['$SET $ {SET} }', '$SET $ {SET} }'],
  [`\${SET}$\${SET}`, `value\${SET}`],
  [`\${TRICKY}`, `\${SET} $\${SET} $& $1`],
]

for (const [text, filled] of FILLED)
  test(`${JSON.stringify(text)} becomes ${JSON.stringify(filled)}`, () => {
    assert.deepEqual(substitute(text, lookup), { text: filled })
  })

const REFUSED: [string, RegExp][] = [
  [`\${UNSET}`, /^the variable UNSET is not set$/],
  [`\${UNSET:?say where}`, /^the variable UNSET is not set: say where$/],
  [`\${EMPTY:?say where}`, /^the variable EMPTY is not set: say where$/],
  [`\${UNSET:?}`, /^the variable UNSET is not set$/],
  [`\${file:/absent}`, /^it is absent$/],
  [`\${`, /^expected \$\{VAR\}/],
  [`\${SET`, /^expected \$\{VAR\}/],
  [`\${}`, /^expected \$\{VAR\}/],
  [`\${1A}`, /^expected \$\{VAR\}/],
  [`\${process.env.SET}`, /^expected \$\{VAR\}/],
  [`\${SET:+x}`, /^expected \$\{VAR\}/],
  [`\${file:}`, /^expected \$\{VAR\}/],
  [`\${UNSET:-\${SET}}`, /^expected \$\{VAR\}/],
]

for (const [text, mistake] of REFUSED)
  test(`${JSON.stringify(text)} is a mistake`, () => {
    const result = substitute(text, lookup)

    assert.match('mistake' in result ? result.mistake : '', mistake)
  })

test('whatever a text is, escaped it stays what it is', () => {
  const text = fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-', '?', ' ', '\n') })
  fc.assert(
    fc.property(text, (original) => {
      const escaped = original.replaceAll(`\${`, () => `$\${`)

      assert.deepEqual(substitute(escaped, lookup), { text: original })
    }),
  )
})

test('a value is put in as it is, whatever it looks like', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (before, value, after) => {
      const quoted = (text: string) => text.replaceAll('$', '')
      const all = { ...lookup, variable: () => value }

      const result = substitute(`${quoted(before)}\${ANY}${quoted(after)}`, all)

      assert.deepEqual(result, { text: quoted(before) + value + quoted(after) })
    }),
  )
})

test('substitution never throws', () => {
  const text = fc.string({
    unit: fc.constantFrom(`\${`, `$\${`, '}', 'SET', ':-', ':?', 'file:', '$'),
  })
  fc.assert(
    fc.property(text, (any) => {
      const result = substitute(any, lookup)

      assert.ok('text' in result || result.mistake.length > 0)
    }),
  )
})

for (const [what, text] of [
  ['openings', `\${`.repeat(500_000)],
  ['dollars', '$'.repeat(1_000_000)],
  ['escapes', `$\${`.repeat(80_000)],
  ['an opening and no closing', `\${${'A'.repeat(1_000_000)}`],
] as const)
  test(`a text of many ${what} takes no longer than its length`, () => {
    const started = performance.now()

    substitute(text, lookup)

    assert.ok(performance.now() - started < 1_000)
  })

test('a text that would become too long is refused', () => {
  const all = { ...lookup, variable: () => 'x'.repeat(200_000) }

  const result = substitute(`\${A}\${A}`, all)

  assert.deepEqual(result, { mistake: 'becomes longer than 262144 characters' })
})

test('texts are replaced wherever they are, with their place, and keys are left alone', () => {
  const seen: string[] = []

  const mapped = mapTexts({ key: ['x', { b: 'y' }, 5, null, true] }, (text, path) => {
    seen.push(path.join('/'))
    return text.toUpperCase()
  })

  assert.deepEqual(mapped, { key: ['X', { b: 'Y' }, 5, null, true] })
  assert.deepEqual(seen, ['key/0', 'key/1/b'])
})

test('the files that texts refer to are found once each', () => {
  const value = { a: `\${file:x} \${file:y}`, b: [`\${file:x}`, `$\${file:z}`, `\${broken`] }

  assert.deepEqual(filesIn(value), ['x', 'y'])
})
