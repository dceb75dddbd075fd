import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Cell, csvLine } from './csv.ts'

for (const [what, cells, line] of [
  ['words and numbers stand as they are', ['a b', 1.5, 0, true, null], 'a b,1.5,0,true,\r\n'],
  [
    'commas, quotes and line ends are quoted',
    ['a,b', 'say "x"', 'a\nb'],
    '"a,b","say ""x""","a\nb"\r\n',
  ],
  ['a list has spaces between its parts', [['HTTP:503', 'x'], []], 'HTTP:503 x,\r\n'],
  [
    'what begins a formula gets an apostrophe',
    ['=1+1', '+1', '-1', '@A1'],
    "'=1+1,'+1,'-1,'@A1\r\n",
  ],
  ['also after a tab or in a list', ['\t=1', ['=1', 'b']], "'\t=1,'=1 b\r\n"],
  ['also where it must be quoted', ['=HYPERLINK("a","b")'], '"\'=HYPERLINK(""a"",""b"")"\r\n'],
  ['a negative number is no formula', [-1], '-1\r\n'],
] as const satisfies [string, readonly Cell[], string][])
  test(what, () => {
    assert.equal(csvLine(cells), line)
  })
