import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incident, payer, state } from '../test/support/records.ts'
import type { Batch } from './change.ts'
import { Mailbox } from './mailbox.ts'

function batch(rev: number, over: Partial<Batch> = {}): Batch {
  return {
    kind: 'updates',
    position: { epoch: 'e1', rev },
    payers: [],
    endpoints: [],
    incidents: [],
    maintenance: [],
    ...over,
  }
}

test('what an application has not taken waits as one change with the latest values', async () => {
  const mailbox = new Mailbox()
  mailbox.put(batch(1, { endpoints: [state('a/x', 1), state('a/y', 1)] }))
  mailbox.put(batch(2, { endpoints: [state('a/x', 2)], incidents: [incident('i1', 2)] }))

  const change = await mailbox.take()

  assert.deepEqual(
    change?.endpoints.map(({ endpoint, rev }) => [endpoint, rev]),
    [
      ['a/x', 2],
      ['a/y', 1],
    ],
  )
  assert.equal(change?.incidents.length, 1)
  assert.deepEqual(change?.position, { epoch: 'e1', rev: 2 })
  assert.equal(mailbox.isEmpty, true)
})

test('updates after a snapshot that was not taken become part of it', async () => {
  const mailbox = new Mailbox()
  mailbox.put(batch(1, { endpoints: [state('a/old', 1)] }))
  mailbox.put(batch(5, { kind: 'snapshot', endpoints: [state('a/x', 5)] }))
  mailbox.put(batch(6, { payers: [payer('a', 6)] }))

  const change = await mailbox.take()

  assert.equal(change?.kind, 'snapshot')
  assert.deepEqual(
    change?.endpoints.map(({ endpoint }) => endpoint),
    ['a/x'],
  )
  assert.equal(change?.payers.length, 1)
})

test('what has left is told apart, and an endpoint that came back is not gone', async () => {
  const mailbox = new Mailbox()
  mailbox.put(
    batch(1, {
      endpoints: [
        { endpoint: 'a/x', rev: 1, removed: true },
        { endpoint: 'a/y', rev: 1, removed: true },
      ],
      payers: [{ payer: 'b', rev: 1, removed: true }],
    }),
  )
  mailbox.put(batch(2, { endpoints: [state('a/y', 2)] }))

  const change = await mailbox.take()

  assert.deepEqual(change?.removed, { endpoints: ['a/x'], payers: ['b'] })
  assert.deepEqual(
    change?.endpoints.map(({ endpoint }) => endpoint),
    ['a/y'],
  )
})

test('a take that waits is woken by the next change', async () => {
  const mailbox = new Mailbox()
  const taken = mailbox.take()

  mailbox.put(batch(1, { endpoints: [state('a/x', 1)] }))

  assert.equal((await taken)?.endpoints.length, 1)
})

test('an end drops what waits; an end with an error is thrown after it', async () => {
  const stopped = new Mailbox()
  stopped.put(batch(1, { endpoints: [state('a/x', 1)] }))
  stopped.end()
  const failed = new Mailbox()
  failed.put(batch(1, { endpoints: [state('a/x', 1)] }))
  failed.end(new Error('refused'))

  assert.equal(await stopped.take(), undefined)
  assert.equal((await failed.take())?.endpoints.length, 1)
  await assert.rejects(failed.take(), /refused/)
})
