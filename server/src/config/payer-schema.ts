/** What a file says of payers and their endpoints, in our format. */
import * as z from 'zod'
import { ProbeAuth } from './auth-schema.ts'
import { Expect } from './expect-schema.ts'
import { MAX_PLANS, Maintenance } from './maintenance-schema.ts'
import { Retry } from './retry-schema.ts'
import { bytesFrom, durationFrom, listOf, SecretText, Switch, whole } from './scalars.ts'
import { scheduleSettings, TimeZone } from './schedule-schema.ts'
import { Tls } from './tls-schema.ts'

export const Network = z.enum(['public', 'private'])
export type Network = z.infer<typeof Network>

const Wait = durationFrom('1ms', '5m').optional()

export const Timeouts = z.strictObject({
  dns: Wait.meta({ description: 'Longest wait for the name to resolve', default: '2s' }),
  connect: Wait.meta({ description: 'Longest wait for the TCP connection', default: '3s' }),
  tls: Wait.meta({ description: 'Longest wait for the TLS handshake', default: '5s' }),
  first_byte: Wait.meta({
    description:
      'Longest wait for the first byte of the answer; where only `timeout` is given, that long',
    default: '10s',
  }),
})

export const Judging = z.strictObject({
  window: whole(1, 20)
    .optional()
    .meta({ description: 'Conclusive results that are looked at', default: 3 }),
  down_after: whole(1, 20)
    .optional()
    .meta({ description: 'How many of them must be bad to be down', default: 2 }),
  recover_after: whole(1, 20)
    .optional()
    .meta({ description: 'Healthy results in a row that recover', default: 2 }),
})

const Name = z.string().trim().min(1).max(120)

/** What every endpoint may say for itself, and `defaults` for all of them. */
export const endpointSettings = {
  network: Network.optional().meta({
    description:
      'Whether probes may reach loopback and private addresses (`private`) or never do (`public`)',
    default: 'public',
  }),
  interval: durationFrom('0s', '7d').optional().meta({
    description: 'Time between probes: at least 60s on public networks, 1s on private ones',
    default: '5m',
  }),
  timeout: Wait.meta({ description: 'Most time for one probe, all in all', default: '20s' }),
  timeouts: Timeouts.optional(),
  degrade_over: Wait.meta({ description: 'An answer slower than this is degraded' }),
  confirm_after: durationFrom('100ms', '1d').optional().meta({
    description:
      'Time to the next probe while a change is unconfirmed: at least 60s on public networks; on private ones 5s, or the interval where that is shorter',
    default: '60s',
  }),
  fresh_every: whole(1, 1_000).optional().meta({
    description:
      'Every how many probes a new connection is opened, so that all phases are measured',
    default: 5,
  }),
  max_body: bytesFrom('1 KiB', '16 MiB')
    .optional()
    .meta({ description: 'Most that is read of an answer', default: '256 KiB' }),
  unreviewed: Switch.optional().meta({
    description: 'Nobody has seen this address answer: it stays unknown until it once does',
    default: false,
  }),
  judge: Judging.optional(),
  ...scheduleSettings,
  retry: Retry.optional(),
}

export const Endpoint = z.strictObject({
  type: Name.meta({
    description: 'What the endpoint is for',
    examples: ['eligibility', 'login'],
  }),
  name: Name.optional().meta({ description: 'Its name inside the payer; by default the type' }),
  profile: Name.optional().meta({
    description: 'The profile whose settings count where it says nothing itself',
    examples: ['json-api'],
  }),
  kind: z.enum(['http']).prefault('http').meta({ description: 'How it is probed' }),
  via: Name.prefault('direct').meta({
    description: 'The route: direct, a clearinghouse or a platform',
  }),
  url: SecretText.optional().meta({
    description: 'Absolute address, or relative to the payer’s `base_url`',
  }),
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    .prefault('GET')
    .meta({ description: 'HTTP method' }),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'header names'), SecretText)
    .transform((headers) => Object.entries(headers))
    .prefault({})
    .meta({ description: 'Request headers; their values are secrets' }),
  body: SecretText.optional().meta({ description: 'Request body; a secret' }),
  auth: ProbeAuth.optional(),
  tls: Tls.optional(),
  http2: Switch.optional().meta({
    description: 'Asks by HTTP/2; without TLS on private networks only',
    default: false,
  }),
  log_exchanges: Switch.optional().meta({
    description:
      'Logs each of its requests and answers by method, host, sizes and times; at level debug, whatever `log.level` is',
    default: false,
  }),
  description: z
    .string()
    .max(500)
    .optional()
    .meta({ description: 'For whoever reads the file; shown nowhere' }),
  enabled: Switch.prefault(true).meta({ description: 'False: listed nowhere, never probed' }),
  expect: Expect.prefault({}),
  ...endpointSettings,
})
export type Endpoint = z.infer<typeof Endpoint>

/** What several endpoints have in common. */
export const Profile = Endpoint.omit({
  type: true,
  name: true,
  url: true,
  profile: true,
  enabled: true,
}).partial()

export const Payer = z.strictObject({
  name: Name.meta({ description: 'As shown to people', examples: ['Aetna'] }),
  aliases: listOf(Name).prefault([]).meta({ description: 'Other names clients may subscribe by' }),
  identifiers: z
    .array(
      z.strictObject({
        scheme: Name.meta({ description: 'Who gives it out', examples: ['x12_payer_id'] }),
        value: z.string().min(1).max(64).meta({ description: 'In quotes, since it is text' }),
      }),
    )
    .max(64)
    .prefault([])
    .meta({
      description: 'Identifiers by scheme',
      examples: [[{ scheme: 'x12_payer_id', value: '60054' }]],
    }),
  time_zone: TimeZone.optional().meta({
    description: 'Where its business hours are',
    examples: ['America/New_York'],
  }),
  base_url: SecretText.optional().meta({
    description: 'What relative endpoint addresses are relative to',
  }),
  network: Network.optional().meta({ description: 'As for endpoints, for all of this payer' }),
  maintenance: z.array(Maintenance).max(MAX_PLANS).prefault([]).meta({
    description:
      'Announced maintenance: windows that come once, and rules of those that come again',
  }),
  endpoints: z.array(Endpoint).min(1).max(10_000),
})
export type Payer = z.infer<typeof Payer>
