import type { Distribution } from './distribution.ts'
import type { HubCounters } from './hub-counters.ts'

/** One value of a metric with its labels. */
export type Sample = { labels: Record<string, string>; value: number }

/** One of the hub's figures as a metric. */
export type Figure = {
  name: string
  help: string
  kind: 'counter' | 'gauge'
  labels: readonly string[]
  read: (counters: HubCounters) => Sample[]
}

/** What the hub counts, under the names that operators see. */
export const HUB_FIGURES: readonly Figure[] = [
  {
    name: 'payer_status_websocket_connections_active',
    help: 'Clients connected now, by channel',
    kind: 'gauge',
    labels: ['channel'],
    read: ({ connections }) => byLabel('channel', Object.entries(connections)),
  },
  {
    name: 'payer_status_websocket_messages_sent_total',
    help: 'Frames written to clients, by channel',
    kind: 'counter',
    labels: ['channel'],
    read: ({ messagesSent }) => byLabel('channel', Object.entries(messagesSent)),
  },
  counter('websocket_sent_bytes_total', 'Bytes written to clients', (c) => c.bytesSent),
  {
    name: 'payer_status_fanout_frames_total',
    help: 'Frames encoded; one for many clients counts once, as shared',
    kind: 'counter',
    labels: ['shared'],
    read: ({ framesEncoded, framesForOne }) => [
      { labels: { shared: 'true' }, value: framesEncoded - framesForOne },
      { labels: { shared: 'false' }, value: framesForOne },
    ],
  },
  gauge('websocket_subscriptions', 'Clients that have subscribed', (c) => c.subscriptions),
  gauge('websocket_filter_groups', 'Groups of clients that get the same frames', (c) => c.groups),
  gauge(
    'websocket_lagging_clients',
    'Clients skipped now because they do not keep up',
    (c) => c.lagging,
  ),
  counter(
    'websocket_conflated_updates_total',
    'Intermediate values that slow clients were spared',
    (c) => c.conflated,
  ),
  counter('websocket_messages_received_total', 'Frames that clients sent', (c) => c.framesReceived),
  counter(
    'websocket_messages_invalid_total',
    'Frames from clients that were not valid',
    (c) => c.framesInvalid,
  ),
  counter(
    'websocket_actions_ignored_total',
    'Actions of v1 clients that mean nothing here',
    (c) => c.actionsIgnored,
  ),
  {
    name: 'payer_status_websocket_resume_total',
    help: 'Positions that clients came back with: resumed from there, or sent a snapshot',
    kind: 'counter',
    labels: ['outcome'],
    read: ({ resumes }) => byLabel('outcome', Object.entries(resumes)),
  },
  {
    name: 'payer_status_websocket_handshakes_total',
    help: 'Handshakes by outcome',
    kind: 'counter',
    labels: ['outcome'],
    read: ({ handshakes }) => byLabel('outcome', handshakes),
  },
  {
    name: 'payer_status_websocket_closes_total',
    help: 'Closed connections by close code and who closed',
    kind: 'counter',
    labels: ['code', 'initiator'],
    read: ({ closes }) =>
      [...closes].map(([key, value]) => {
        const [code = '', initiator = ''] = key.split(':')
        return { labels: { code, initiator }, value }
      }),
  },
]

/** One of the hub's distributions as a metric. */
export type DistributionFigure = {
  name: string
  help: string
  read: (counters: HubCounters) => Distribution
}

/** How the hub's times and sizes are distributed, under the names that operators see. */
export const HUB_DISTRIBUTIONS: readonly DistributionFigure[] = [
  {
    name: 'payer_status_fanout_tick_seconds',
    help: 'Duration of ticks of the hub',
    read: (c) => c.tickSeconds,
  },
  {
    name: 'payer_status_delivery_latency_seconds',
    help: 'From the end of a probe until its result was written to the last client that keeps up',
    read: (c) => c.deliverySeconds,
  },
  {
    name: 'payer_status_websocket_unacked_bytes',
    help: 'Bytes that a client has not acknowledged, one value a client and ping',
    read: (c) => c.unacknowledgedBytes,
  },
  {
    name: 'payer_status_websocket_ping_rtt_seconds',
    help: 'From a ping to its answer',
    read: (c) => c.pingSeconds,
  },
]

function counter(name: string, help: string, value: (counters: HubCounters) => number): Figure {
  return single({ name, help, kind: 'counter' }, value)
}

function gauge(name: string, help: string, value: (counters: HubCounters) => number): Figure {
  return single({ name, help, kind: 'gauge' }, value)
}

function single(
  { name, help, kind }: Pick<Figure, 'name' | 'help' | 'kind'>,
  value: (counters: HubCounters) => number,
): Figure {
  const read = (counters: HubCounters) => [{ labels: {}, value: value(counters) }]
  return { name: `payer_status_${name}`, help, kind, labels: [], read }
}

function byLabel(label: string, entries: Iterable<[string, number]>): Sample[] {
  return [...entries].map(([name, value]) => ({ labels: { [label]: name }, value }))
}
