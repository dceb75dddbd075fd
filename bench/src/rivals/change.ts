/** The topic that stands for everything. */
export const EVERYTHING = 'all'

/** One change as rivals send it: the fields of a state that a filter and a load client look at, and padding. */
export type Change = {
  ts: string
  payer: string
  endpoint: string
  status: string
  detail: string
}

/** A topic's name: always six characters, so that every message has the same size. */
export function topicName(index: number): string {
  return `t${String(index).padStart(5, '0')}`
}

/** A change of `topic`, stamped with a CLOCK_MONOTONIC time in ns, whose JSON has `bytes` bytes. */
export function changeOf(stamp: bigint, topic: string, bytes: number): Change {
  const change: Change = {
    ts: String(stamp).padStart(16, '0'),
    payer: topic,
    endpoint: `${topic}/eligibility`,
    status: 'down',
    detail: '',
  }
  change.detail = 'x'.repeat(Math.max(0, bytes - JSON.stringify(change).length))
  return change
}
