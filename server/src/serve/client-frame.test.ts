import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { aHub } from '../../test/support/hub-house.ts'
import { readClientFrame } from './client-frame.ts'

const CANARY = 'canary5f2c'

const wrong: [title: string, text: string | undefined, code: string, says: RegExp][] = [
  ['a binary frame', undefined, 'invalid_frame', /text frame/],
  ['no JSON', `${CANARY}{`, 'invalid_frame', /JSON/],
  ['nothing', '', 'invalid_frame', /JSON/],
  ['an array', `["${CANARY}"]`, 'invalid_frame', /object/],
  ['null', 'null', 'invalid_frame', /object/],
  ['deep nesting', '['.repeat(8_000) + ']'.repeat(8_000), 'invalid_frame', /object/],
  ['an unknown type', `{"type":"${CANARY}"}`, 'invalid_frame', /type: expected one of "subscribe"/],
  ['an unknown key', `{"type":"unsubscribe","${CANARY}":1}`, 'invalid_frame', /no key/],
  ['__proto__', '{"type":"unsubscribe","__proto__":{"a":1}}', 'invalid_frame', /no key/],
  [
    'a wrong detail',
    `{"type":"subscribe","detail":"${CANARY}"}`,
    'invalid_frame',
    /detail: .*"result"/,
  ],
  [
    'a position without rev',
    '{"type":"subscribe","since":{"epoch":"e"}}',
    'invalid_frame',
    /since\.rev/,
  ],
  [
    'a rev of its own kind',
    '{"type":"subscribe","since":{"epoch":"e","rev":1e400}}',
    'invalid_frame',
    /since\.rev/,
  ],
  [
    'a filter that is no list',
    `{"type":"subscribe","filter":{"payers":["${CANARY}"]}}`,
    'invalid_filter',
    /filter: expected array/,
  ],
  [
    'an unknown key in a clause',
    `{"type":"subscribe","filter":[{"${CANARY}":[]}]}`,
    'invalid_filter',
    /filter\[0\]: /,
  ],
  [
    '__proto__ in a clause',
    '{"type":"subscribe","filter":[{"__proto__":[]}]}',
    'invalid_filter',
    /filter\[0\]: /,
  ],
  [
    'an empty name',
    '{"type":"subscribe","filter":[{"payers":[""]}]}',
    'invalid_filter',
    /filter\[0\]\.payers\[0\]: expected at least 1 characters/,
  ],
  [
    'a long name',
    `{"type":"subscribe","filter":[{"payers":["${'x'.repeat(201)}"]}]}`,
    'invalid_filter',
    /at most 200 characters/,
  ],
  [
    'too many clauses',
    `{"type":"subscribe","filter":[${Array(33).fill('{}')}]}`,
    'invalid_filter',
    /filter: expected at most 32 items/,
  ],
  [
    'too many names',
    `{"type":"subscribe","filter":[{"types":[${Array(1_001).fill('"a"')}]}]}`,
    'invalid_filter',
    /at most 1000 items/,
  ],
  ['an id that is no number', `{"type":"ping","id":"${CANARY}"}`, 'invalid_frame', /id: expected/],
]

for (const [title, text, code, says] of wrong)
  test(`${title} is refused by naming what was expected, never by repeating it`, () => {
    const read = readClientFrame(text)

    assert.ok('code' in read)
    assert.equal(read.code, code)
    const said = `${read.message} ${read.issues.join(' ')}`
    assert.match(said, says)
    assert.doesNotMatch(said, new RegExp(CANARY))
  })

test('an error lists at most 20 complaints and says how many more there are', () => {
  const names = Array(50).fill('""')

  const read = readClientFrame(`{"type":"subscribe","filter":[{"payers":[${names}]}]}`)

  assert.equal('issues' in read && read.issues.length, 21)
  assert.equal('issues' in read && read.issues.at(-1), 'and 30 more')
})

test('whatever JSON a client sends, reading it does not throw and an error does not repeat it', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const read = readClientFrame(text)
      assert.ok('frame' in read || read.message.length > 0)
    }),
  )
})

test('the third invalid frame within 10 s closes with 4000', async () => {
  const { join, clock } = aHub()
  const { socket, session } = join()

  session.receive('no')
  await clock.advance(10_001)
  session.receive('no')
  session.receive(undefined)
  assert.ok(!socket.isClosed)
  session.receive('[]')

  assert.equal(socket.closedWith?.code, 4000)
  assert.equal(socket.take().filter(({ type }) => type === 'error').length, 4)
})

test('nothing is written after the close', async () => {
  const house = aHub()
  const { socket, session, say } = house.join()
  say({ type: 'subscribe' })
  for (let i = 0; i < 3; i++) session.receive('no')
  socket.take()

  say({ type: 'ping' })
  house.book.result('aetna/login')
  await house.tick()

  assert.deepEqual(socket.take(), [])
  assert.equal(house.hub.size, 0)
})
