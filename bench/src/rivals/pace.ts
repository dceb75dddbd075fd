import { setImmediate, setTimeout } from 'node:timers/promises'
import { type Change, changeOf, EVERYTHING } from './change.ts'
import { GRACE_MS, type Offer } from './rival.ts'

/** Hands over what is published at one time. It may resolve later, when the server has taken it. */
export type Send = (changes: readonly Change[]) => void | Promise<void>

const NS_PER_MS = 1e6

/**
 * Publishes at the pace of the offer and resolves with how many changes were sent.
 * The pace is an open loop: a server that is late gets the next changes at once, stamped with the
 * time they were due, so that its delay is in the latencies. It gives up after `GRACE_MS`.
 */
export async function pace(offer: Offer, send: Send, now = process.hrtime.bigint): Promise<number> {
  const start = now()
  const rounds = Math.ceil(offer.count / offer.batch)
  const end = start + ns(rounds * offer.intervalMs + GRACE_MS)
  let sent = 0
  for (let round = 0; round < rounds; round++) {
    const due = start + ns(round * offer.intervalMs)
    await wait(Number(due - now()) / NS_PER_MS)
    if (now() > end) break
    const size = Math.min(offer.batch, offer.count - sent)
    await send(batchAt(due, sent, { ...offer, batch: size }))
    sent += size
  }
  return sent
}

function batchAt(stamp: bigint, first: number, offer: Offer): Change[] {
  const topics = offer.topics ?? [EVERYTHING]
  return Array.from({ length: offer.batch }, (_, i) =>
    changeOf(stamp, topics[(first + i) % topics.length] ?? EVERYTHING, offer.bytes),
  )
}

/** Waits; when it is late already, only as long as sockets need to be looked after. */
async function wait(ms: number): Promise<void> {
  await (ms > 0 ? setTimeout(ms) : setImmediate())
}

function ns(ms: number): bigint {
  return BigInt(Math.round(ms * NS_PER_MS))
}
