import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AnswerParts, judged } from '../../test/support/an-answer.ts'
import type { Expect } from '../config/config.ts'
import { unmetExpectation } from './expect.ts'

type Row = [what: string, expect: Expect, answer: AnswerParts, message: string | undefined]

const json = (is: NonNullable<Expect['json']>[number][1]): Expect => ({ json: [['$.count', is]] })

const ROWS: Row[] = [
  [
    'a pattern in a body',
    { body: { matches: '(?i)sign\\s+in' } },
    { body: 'SIGN \n IN' },
    undefined,
  ],
  ['both of a body', { body: { contains: 'a', matches: 'b' } }, { body: 'ab' }, undefined],
  [
    'one of both',
    { body: { contains: 'a', matches: 'b' } },
    { body: 'ax' },
    'expected the body to match "b"',
  ],
  [
    'a pattern beyond what was read',
    { body: { matches: 'b' } },
    { body: 'aa', truncated: true },
    'expected the body to match "b", and it is larger than the 2 bytes read',
  ],
  [
    'a pattern beyond what is searched',
    { body: { matches: 'b' } },
    { body: `${'a'.repeat(262_144)}b` },
    'expected the body to match "b" in its first 262144 characters',
  ],

  ['more', json({ gt: 3 }), { body: '{"count":4}' }, undefined],
  ['not more', json({ gt: 3 }), { body: '{"count":3}' }, 'expected $.count to be over 3, got 3'],
  ['at least', json({ gte: 3 }), { body: '{"count":3}' }, undefined],
  [
    'not at least',
    json({ gte: 3 }),
    { body: '{"count":2.5}' },
    'expected $.count to be at least 3, got 2.5',
  ],
  ['less', json({ lt: 3 }), { body: '{"count":2}' }, undefined],
  ['not less', json({ lt: 3 }), { body: '{"count":3}' }, 'expected $.count to be under 3, got 3'],
  ['at most', json({ lte: 3 }), { body: '{"count":3}' }, undefined],
  [
    'not at most',
    json({ lte: 3 }),
    { body: '{"count":4}' },
    'expected $.count to be at most 3, got 4',
  ],
  [
    'a range',
    json({ gt: 3, lte: 5 }),
    { body: '{"count":6}' },
    'expected $.count to be at most 5, got 6',
  ],
  [
    'a text is no number',
    json({ gt: 3 }),
    { body: '{"count":"SECRET"}' },
    'expected $.count to be over 3',
  ],
  ['nothing is no number', json({ lt: 3 }), { body: '{}' }, 'expected $.count to be under 3'],
  ['equal', json({ eq: 'a' }), { body: '{"count":"a"}' }, undefined],
  ['equal to null', json({ eq: null }), { body: '{"count":null}' }, undefined],
  ['not equal', json({ eq: 'a' }), { body: '{"count":"SECRET"}' }, 'expected $.count to be "a"'],
  ['other', json({ ne: 'a' }), { body: '{"count":"b"}' }, undefined],
  [
    'not other',
    json({ ne: 'a' }),
    { body: '{"count":"a"}' },
    'expected $.count to be other than "a"',
  ],
  ['there', json({ exists: true }), { body: '{"count":null}' }, undefined],
  ['not there', json({ exists: true }), { body: '{}' }, 'expected $.count to exist'],
  [
    'there, though it should not',
    json({ exists: false }),
    { body: '{"count":0}' },
    'expected $.count not to exist, got 0',
  ],
  ['matching', json({ matches: '^4\\.' }), { body: '{"count":"4.0.1"}' }, undefined],
  [
    'not matching',
    json({ matches: '^4\\.' }),
    { body: '{"count":"SECRET"}' },
    'expected $.count to match "^4\\\\."',
  ],
  [
    'a number does not match',
    json({ matches: '4' }),
    { body: '{"count":4}' },
    'expected $.count to match "4", got 4',
  ],

  ['an element', { xml: [['a/b', 'ok']] }, { body: '<a><b> ok </b></a>' }, undefined],
  [
    'another text',
    { xml: [['a/b', 'ok']] },
    { body: '<a><b>SECRET</b></a>' },
    'expected a/b to be "ok"',
  ],
  ['no element', { xml: [['a/b', { exists: true }]] }, { body: '<a/>' }, 'expected a/b to exist'],
  [
    'one of several',
    { xml: [['a/b', { matches: '^o' }]] },
    { body: '<a><b>x</b><b>ok</b></a>' },
    undefined,
  ],
  [
    'one of several ruled out',
    { xml: [['a/b', { ne: 'bad' }]] },
    { body: '<a><b>ok</b><b>bad</b></a>' },
    'expected a/b to be other than "bad"',
  ],
  ['no XML', { xml: [['a/b', 'ok']] }, { body: '{}' }, 'expected an XML body'],
  [
    'cut XML',
    { xml: [['a/b', 'ok']] },
    { body: '<a>', truncated: true },
    'expected an XML body, and it is larger than the 3 bytes read',
  ],
]

for (const [what, expect, answer, message] of ROWS)
  test(`${what} is ${message === undefined ? 'met' : 'unmet'}, and what was seen is not told`, () => {
    assert.equal(unmetExpectation(expect, judged(answer))?.message, message)
    assert.doesNotMatch(message ?? '', /SECRET/)
  })
