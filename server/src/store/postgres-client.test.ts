import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownName } from './postgres-client.ts'

test('a store is called by host and database alone', () => {
  const url = 'postgres://user:secret@db.example:5433/history?sslmode=verify-full'

  assert.equal(shownName(url), 'postgres://db.example:5433/history')
})

for (const url of [
  'postgres://u:/s3cret@db/x',
  'postgres://u:12/s3cret@db/x',
  'postgres://db/x/s3cret',
  'postgres://',
  'postgres://u:s3cret',
])
  test(`nothing of what may be a password is shown: ${url.length} characters`, () => {
    assert.throws(
      () => shownName(url),
      ({ message }: Error) =>
        /^store\.url: expected postgres:\/\/USER/.test(message) && !message.includes('s3cret'),
    )
  })
