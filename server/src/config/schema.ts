/**
 * The configuration file, in our format. This schema is the one source of types, defaults, validation,
 * `payer-status.schema.json` and docs/configuration.md. Keys are snake_case as in the file; `camelKeys` makes them code.
 */
import * as z from 'zod'
import { Secret } from '../lib/secret.ts'
import { endpointSettings, Payer, Profile } from './payer-schema.ts'
import { bytesFrom, durationFrom, listOf, Switch, whole } from './scalars.ts'
import { Budgets } from './schedule-schema.ts'
import { tlsDefaults } from './tls-schema.ts'

export { Network } from './payer-schema.ts'

const Host = z.string().min(1).max(253)
const Port = whole(0, 65_535)
const Scope = z.enum(['probe', 'write', 'ingest', 'admin'])
const WebAddress = z.url({
  protocol: /^https?$/,
  error: 'an address that begins with "https://" or "http://"',
})

export const ApiKey = z.strictObject({
  name: z.string().trim().min(1).max(120).meta({ description: 'Whose key it is, for the log' }),
  hash: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, '"sha256:" and 64 hex digits')
    .transform((hash) => hash.slice('sha256:'.length))
    .meta({ description: 'SHA-256 of the key, as `sha256:` and 64 hex digits' }),
  scopes: z.array(Scope).min(1).meta({ description: 'What it may do' }),
})

const server = z.strictObject({
  host: Host.prefault('127.0.0.1').meta({
    description: 'Address to listen on; loopback unless told otherwise',
  }),
  port: Port.prefault(8080).meta({
    description: 'Port of board, REST and WebSocket; 0 means any free one',
  }),
  allowed_hosts: listOf(Host)
    .prefault([])
    .meta({ description: 'Host names clients may use besides the address listened on' }),
  allowed_origins: listOf(WebAddress)
    .prefault([])
    .meta({ description: 'Web origins, other than our own, whose pages may connect' }),
})

const metrics = z.strictObject({
  host: Host.prefault('127.0.0.1').meta({ description: 'Address of the operators’ listener' }),
  port: Port.prefault(9090).meta({ description: 'Its port; 0 means any free one' }),
  endpoint_series: whole(0, 100_000)
    .prefault(2_000)
    .meta({ description: 'Most endpoints with a series of their own' }),
})

const log = z.strictObject({
  level: z
    .enum(['debug', 'info', 'warn', 'error'])
    .prefault('info')
    .meta({ description: 'Least that is logged' }),
})

const shutdown = z.strictObject({
  grace: durationFrom('0s', '10m')
    .prefault('10s')
    .meta({ description: 'Longest time between a signal and the end' }),
})

const limits = z.strictObject({
  max_connections: whole(1, 1_000_000)
    .prefault(18_000)
    .meta({ description: 'WebSocket and SSE clients at once' }),
  connections_per_address: whole(1, 1_000_000)
    .prefault(50)
    .meta({ description: 'Clients at once from one address (IPv6: one /64)' }),
  handshakes_per_second: whole(1, 1_000_000)
    .prefault(500)
    .meta({ description: 'New clients a second' }),
  handshakes_at_once: whole(1, 100_000)
    .prefault(512)
    .meta({ description: 'Upgrades in progress at once' }),
  frame_bytes: bytesFrom('1 KiB', '1 MiB')
    .prefault('16 KiB')
    .meta({ description: 'Largest frame a client may send' }),
  unacknowledged: bytesFrom('1 KiB', '64 MiB')
    .prefault('256 KiB')
    .meta({ description: 'Unsent bytes above which a client is skipped until it drains' }),
  stuck_after: durationFrom('1s', '1h')
    .prefault('60s')
    .meta({ description: 'A skipped client without progress for this long is closed' }),
  body_bytes: bytesFrom('1 KiB', '16 MiB')
    .prefault('64 KiB')
    .meta({ description: 'Largest REST request body' }),
})

const hub = z.strictObject({
  tick: durationFrom('10ms', '1s').prefault('50ms').meta({
    description:
      'Longest that a change waits so that others travel with it; while sweeps are short it waits less',
  }),
  heartbeat: durationFrom('100ms', '5m')
    .prefault('15s')
    .meta({ description: 'Longest time without a frame' }),
  max_age: durationFrom('0s', '7d')
    .prefault('1h')
    .meta({ description: 'A v2 connection is closed at about this age; 0s: never' }),
  remember: durationFrom('0s', '30d')
    .prefault('24h')
    .meta({ description: 'How long removals and closed incidents are kept for resuming' }),
  canary: Switch.prefault(true).meta({
    description: 'The monitor is a client of itself, to see whether what is pushed arrives',
  }),
})

const gateway = z.strictObject({
  threads: whole(1, 64).prefault(1).meta({
    description:
      'Threads that serve clients; beyond the first, each is a worker that shares the port',
  }),
})

const store = z.strictObject({
  url: z
    .string()
    .regex(
      /^(?:memory:|sqlite:.+|postgres(?:ql)?:\/\/.+)$/,
      '"memory:", "sqlite:PATH" or "postgres://..."',
    )
    .transform((url) => new Secret(url))
    .prefault('sqlite:data/payer-status.db')
    .meta({ description: 'Where history is kept: `memory:`, `sqlite:PATH` or `postgres://...`' }),
  results_for: durationFrom('1h', '400d')
    .prefault('7d')
    .meta({ description: 'How long single results are kept' }),
  five_minutes_for: durationFrom('1d', '400d')
    .prefault('35d')
    .meta({ description: 'How long figures for every five minutes are kept' }),
  history_for: durationFrom('1d', '10000d')
    .prefault('400d')
    .meta({ description: 'How long hourly figures, days, status changes and incidents are kept' }),
  max_size: bytesFrom('16 MiB', '1000000 GiB')
    .prefault('50 GiB')
    .meta({ description: 'Most that the store may hold; beyond it the oldest results go early' }),
  queue: whole(1_000, 10_000_000)
    .prefault(100_000)
    .meta({ description: 'Results that wait for the store; beyond it the oldest are dropped' }),
})

const probing = z.strictObject({
  concurrency: whole(1, 10_000).prefault(64).meta({ description: 'Probes at once, whole process' }),
  user_agent_contact: z
    .string()
    .max(200)
    .regex(/^[\x20-\x7e]*$/, 'printable ASCII')
    .prefault('')
    .meta({
      description: 'Where a payer can reach you; sent in every User-Agent',
      examples: ['mailto:ops@example.org'],
    }),
  vantage: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens')
    .prefault('local')
    .meta({ description: 'Name of the place this monitor probes from' }),
  control: listOf(WebAddress).prefault([]).meta({
    description: 'Addresses that prove our own network: if these fail too, the vantage is offline',
  }),
  host_concurrency: whole(1, 1_000)
    .prefault(1)
    .meta({ description: 'The older name of `budgets.host.concurrent`, for public hosts only' }),
  budgets: Budgets.prefault({}),
  dns_max_age: durationFrom('0s', '1d')
    .prefault('60s')
    .meta({ description: 'How long an address is remembered' }),
})

export const File = z.strictObject({
  version: z.literal(1).meta({
    description: 'Our format; a file without this line is read as the original service’s',
  }),
  server: server.prefault({}).meta({ description: 'Where clients connect.' }),
  metrics: metrics.prefault({}).meta({ description: 'Where operators look.' }),
  log: log.prefault({}).meta({ description: 'What is logged: pretty on a terminal, else JSON.' }),
  shutdown: shutdown.prefault({}).meta({ description: 'How it stops.' }),
  limits: limits.prefault({}).meta({ description: 'What clients may use up.' }),
  hub: hub.prefault({}).meta({ description: 'How clients are told.' }),
  store: store.prefault({}).meta({ description: 'What is remembered.' }),
  gateway: gateway.prefault({}).meta({ description: 'Who serves clients.' }),
  probing: probing.prefault({}).meta({ description: 'How payers are asked, in general.' }),
  auth: z
    .strictObject({
      api_keys: z
        .array(ApiKey)
        .max(100)
        .prefault([])
        .meta({ description: 'Keys for what changes something, such as probe-now' }),
    })
    .prefault({})
    .meta({ description: 'Who may change something.' }),
  defaults: z
    .strictObject({ ...endpointSettings, tls: z.strictObject(tlsDefaults).optional() })
    .prefault({})
    .meta({ description: 'What endpoints are unless they say otherwise.' }),
  profiles: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/i, 'names such as "json-api"'), Profile)
    .prefault({})
    .meta({ description: 'What several endpoints have in common, by the name that they use' }),
  include: listOf(z.string().min(1).max(1_000))
    .prefault([])
    .meta({ description: 'Further files with payers, as globs relative to this one' }),
  payers: z.array(Payer).max(10_000).prefault([]),
})
export type File = z.infer<typeof File>

/** A file named by `include`: payers only. */
export const IncludedFile = z.strictObject({
  version: z.literal(1).optional(),
  payers: z.array(Payer).max(10_000),
})
