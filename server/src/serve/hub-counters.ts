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
  /** Bytes of encoded frames that are kept for those who have yet to be sent them. */
  keptBytes: number
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
  /** Duration of ticks, ms. */
  ticks: { count: number; totalMs: number; maxMs: number }
}

export function newHubCounters(): HubCounters {
  return {
    connections: { v1: 0, v2: 0, sse: 0 },
    messagesSent: { v1: 0, v2: 0, sse: 0 },
    bytesSent: 0,
    framesEncoded: 0,
    keptBytes: 0,
    groups: 0,
    lagging: 0,
    conflated: 0,
    framesReceived: 0,
    framesInvalid: 0,
    actionsIgnored: 0,
    resumes: { resumed: 0, snapshot: 0 },
    handshakes: new Map(),
    closes: new Map(),
    ticks: { count: 0, totalMs: 0, maxMs: 0 },
  }
}
