import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { textsAt } from './xml.ts'

const FOUND: [what: string, document: string, path: string, texts: string[]][] = [
  ['text', '<a><b>x</b></a>', 'a/b', ['x']],
  ['text without the white space around it', '<a>\n  x y\n</a>', 'a', ['x y']],
  ['all text inside', '<a>x<b>y</b>z</a>', 'a', ['xyz']],
  ['nothing in an empty element', '<a><b/></a>', 'a/b', ['']],
  ['each element', '<a><b>1</b><c/><b>2</b></a>', 'a/b', ['1', '2']],
  ['elements by local name', '<s:a xmlns:s="u"><t:b>x</t:b></s:a>', 'a/b', ['x']],
  [
    'the five entities and numbers',
    '<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;</a>',
    'a',
    ['<>&"\'AB'],
  ],
  ['CDATA', '<a><![CDATA[<b>]]></a>', 'a', ['<b>']],
  [
    'what comments and instructions surround',
    '<?xml version="1.0"?><!-- c --><a>x<!-- b --><?p q?></a>',
    'a',
    ['x'],
  ],
  ['what follows a byte order mark', '\uFEFF<a>x</a>', 'a', ['x']],
  ['nothing at another path', '<a><b>x</b></a>', 'b', []],
  ['no attribute', '<a b="x"/>', 'a/b', []],
  [
    'text at the greatest depth',
    `${'<a>'.repeat(64)}x${'</a>'.repeat(64)}`,
    Array(64).fill('a').join('/'),
    ['x'],
  ],
]

for (const [what, document, path, texts] of FOUND)
  test(`${what} is read`, () => {
    assert.deepEqual(textsAt(document, [path])?.get(path), texts)
  })

const REFUSED: [what: string, document: string][] = [
  ['nothing', ''],
  ['JSON', '{"a":1}'],
  ['HTML that is not XML', '<html><br></html>'],
  ['an end missing', '<a><b></b>'],
  ['two roots', '<a/><b/>'],
  ['a DTD', '<!DOCTYPE a><a/>'],
  ['an entity of its own', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
  ['an entity from a file', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  ['an unknown entity', '<a>&nbsp;</a>'],
  ['a zero byte', '<a>\0</a>'],
  ['an element at depth 65', `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`],
  ['very deep elements', '<a>'.repeat(300_000)],
  ['more than 1 MiB', `<a>${'x'.repeat(1024 ** 2)}</a>`],
  ['an attribute without end', `<a b="${'x'.repeat(1_000_000)}`],
  ['a DTD without end', `<!DOCTYPE a [${'<!ENTITY x "y">'.repeat(60_000)}`],
  ['a comment without end', `<a><!--${' -'.repeat(500_000)}`],
]

for (const [what, document] of REFUSED)
  test(`${what} is refused, soon`, () => {
    const started = performance.now()

    assert.equal(textsAt(document, ['a']), undefined)
    assert.ok(performance.now() - started < 3_000)
  })

test('any text is read or refused', () => {
  const part = fc.constantFrom(
    '<a>',
    '</a>',
    '<b x="',
    '"/>',
    '<![CDATA[',
    ']]>',
    '&',
    ';',
    '<!--',
    '-->',
    'x',
    '<?',
  )

  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 12 }), (parts) => {
      const texts = textsAt(parts.join(''), ['a'])

      assert.ok(texts === undefined || texts.has('a'))
    }),
  )
})
