import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerFrame } from '@payer-status/protocol'
import fc from 'fast-check'
import { anyCharacter } from '../../test/support/any-character.ts'
import { webSocketTexts } from '../../test/support/fake-socket.ts'
import { encodeFrame } from './frames.ts'
import { eventText, retryText, webSocketText } from './framing.ts'

for (const length of [0, 1, 125, 126, 65_535, 65_536])
  test(`a text of ${length} bytes is framed with the shortest length field`, () => {
    const text = 'a'.repeat(length)

    const frame = webSocketText(text)

    const header = length < 126 ? 2 : length < 65_536 ? 4 : 10
    assert.equal(frame.length, header + length)
    assert.deepEqual(webSocketTexts(frame), [text])
  })

test('lengths count bytes, not characters', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 200 })), (texts) => {
      const frames = Buffer.concat(texts.map(webSocketText))

      assert.deepEqual(webSocketTexts(frames), texts)
    }),
  )
})

test('an event is of the lines that the HTML standard asks for', () => {
  assert.equal(
    String(eventText('updates', '{"rev":1}', 'e:1')),
    'event: updates\nid: e:1\ndata: {"rev":1}\n\n',
  )
  assert.equal(String(eventText('hello', '{}')), 'event: hello\ndata: {}\n\n')
  assert.equal(String(retryText(1_500.4)), 'retry: 1500\n\n')
})

test('an event of any message is one line of data: no text in it can end the event', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (message) => {
      const error: ServerFrame = { type: 'error', code: 'internal', message, issues: [] }

      const text = encodeFrame('sse', error, 'e1').toString()

      assert.equal(text.split('\n').length, 4)
      assert.doesNotMatch(text, /\r/)
    }),
  )
})
