import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Change, changeOf, topicName } from './change.ts'
import { pace, type Send } from './pace.ts'

test('a change has the size that was asked for', () => {
  const change = changeOf(process.hrtime.bigint(), topicName(7), 220)

  assert.equal(JSON.stringify(change).length, 220)
  assert.match(JSON.stringify(change), /^\{"ts":"\d{16}","payer":"t00007","endpoint":/)
})

test('changes take the topics in turn, and those of one time have one stamp', async () => {
  const batches: Change[][] = []
  const topics = [topicName(0), topicName(1), topicName(2)]
  const offer = { count: 5, batch: 2, intervalMs: 2, bytes: 220, topics }

  const sent = await pace(
    offer,
    (changes) => void batches.push([...changes]),
    () => 0n,
  )

  assert.equal(sent, 5)
  assert.deepEqual(
    batches.map((batch) => batch.map(({ payer }) => payer)),
    [['t00000', 't00001'], ['t00002', 't00000'], ['t00001']],
  )
  for (const batch of batches) assert.equal(new Set(batch.map(({ ts }) => ts)).size, 1)
  assert.equal(new Set(batches.flat().map(({ ts }) => ts)).size, 3)
})

test('a server that is late is offered no more when the offer has long passed', async () => {
  const stamps: bigint[] = []
  let now = 0n
  const offer = { count: 10, batch: 1, intervalMs: 5, bytes: 220 }
  const send: Send = ([change]) => {
    stamps.push(BigInt(change?.ts ?? 0))
    now += 300_000_000n
  }

  const sent = await pace(offer, send, () => now)

  // At 0, 300, 600 and 900 ms; the offer has passed at 50, and the grace at 1,050.
  assert.equal(sent, 4)
  // The stamps are those of when they were due, not of when they could be sent.
  assert.deepEqual(stamps, [0n, 5_000_000n, 10_000_000n, 15_000_000n])
})
