import { Distribution } from './distribution.ts'

/** How a client is connected. */
export type Channel = 'v1' | 'v2' | 'sse'

/** What the hub counts; plain numbers, read when metrics are scraped, so that counting costs nothing in a sweep. */
export type HubCounters = {
  connections: Record<Channel, number>
  /** Frames written to sockets, shared ones counted once a socket. */
  messagesSent: Record<Channel, number>
  bytesSent: number
  /** Frames encoded; a frame shared by a thousand sockets counts once. */
  framesEncoded: number
  /** Those of them that were for one client alone, such as an answer or an error. */
  framesForOne: number
  /** Bytes of encoded frames that are kept for those who have yet to be sent them. */
  keptBytes: number
  /** Clients that have subscribed. */
  subscriptions: number
  /** Distinct (filter, detail, channel) groups now. */
  groups: number
  /** Sockets that are skipped now because they do not keep up. */
  lagging: number
  /** Intermediate values that slow clients were spared. */
  conflated: number
  framesReceived: number
  framesInvalid: number
  /** v1 actions that mean nothing to us. */
  actionsIgnored: number
  /** Outcomes of `since`: `resumed`, or `snapshot` when the position was of another epoch, ahead, or too old. */
  resumes: { resumed: number; snapshot: number }
  /** Handshakes by outcome: `accepted`, `bad_request`, `forbidden`, `overloaded`. */
  handshakes: Map<string, number>
  /** Closes by `code:initiator`; codes that clients send are `other` unless 1000, 1001 or 1006. */
  closes: Map<string, number>
  /** Duration of ticks. */
  tickSeconds: Distribution
  /** From the end of a probe until its result was written to the last socket of the tick. */
  deliverySeconds: Distribution
  /** What clients have not acknowledged, one value a client and ping. */
  unacknowledgedBytes: Distribution
  /** From a ping to its answer. */
  pingSeconds: Distribution
}

/** From one socket to a sweep over tens of thousands. */
const TICK_BUCKETS = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]
/** From next door to what nobody waits for, s. */
export const DELIVERY_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.16, 0.25, 0.5, 1, 2.5,
]
const UNACKNOWLEDGED_BUCKETS = [0, 1_024, 4_096, 16_384, 65_536, 131_072, 262_144, 1_048_576]
const PING_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25]

export function newHubCounters(): HubCounters {
  return {
    connections: { v1: 0, v2: 0, sse: 0 },
    messagesSent: { v1: 0, v2: 0, sse: 0 },
    bytesSent: 0,
    framesEncoded: 0,
    framesForOne: 0,
    keptBytes: 0,
    subscriptions: 0,
    groups: 0,
    lagging: 0,
    conflated: 0,
    framesReceived: 0,
    framesInvalid: 0,
    actionsIgnored: 0,
    resumes: { resumed: 0, snapshot: 0 },
    handshakes: new Map(),
    closes: new Map(),
    tickSeconds: new Distribution(TICK_BUCKETS),
    deliverySeconds: new Distribution(DELIVERY_BUCKETS),
    unacknowledgedBytes: new Distribution(UNACKNOWLEDGED_BUCKETS),
    pingSeconds: new Distribution(PING_BUCKETS),
  }
}
