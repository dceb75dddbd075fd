/** What the monitor under test is told to watch, and how. */
export type Watching = {
  /** How many endpoints, ten to a payer. */
  endpoints: number
  /** How often each is probed, such as `1s`. */
  interval: string
  /** The address of the endpoint of this number. */
  url: (endpoint: number) => string
  /** Threads that serve clients. @defaultValue the monitor's own default */
  gatewayThreads?: number | undefined
  /** Every how many probes a new connection is opened. @defaultValue the monitor's own default */
  freshEvery?: number | undefined
  /** File of the authority that is trusted, and the name that certificates carry. */
  tls?: { ca: string; serverName: string } | undefined
}

const PER_PAYER = 10

/** The id that the monitor gives an endpoint. */
export function endpointId(number: number): string {
  return `bench-payer-${Math.floor(number / PER_PAYER)}/e${number}`
}

/** A configuration file: JSON, which is YAML. Every limit that is there for strangers is raised. */
export function monitorConfig(watching: Watching): string {
  const { endpoints, interval, url, gatewayThreads, freshEvery, tls } = watching
  const payers = Array.from({ length: Math.ceil(endpoints / PER_PAYER) }, (_, payer) => ({
    name: `Bench payer ${payer}`,
    endpoints: numbersOf(payer, endpoints).map((number) => ({
      type: 'eligibility',
      name: `e${number}`,
      url: url(number),
      ...(tls && { tls: { ca: tls.ca, server_name: tls.serverName } }),
    })),
  }))
  return JSON.stringify({
    version: 1,
    server: { host: '127.0.0.1', port: 0 },
    metrics: { host: '127.0.0.1', port: 0 },
    log: { level: 'warn' },
    ...(gatewayThreads !== undefined && { gateway: { threads: gatewayThreads } }),
    limits: {
      max_connections: 19_500,
      connections_per_address: 1_000_000,
      handshakes_per_second: 1_000_000,
      handshakes_at_once: 100_000,
    },
    hub: { max_age: '0s' },
    probing: { concurrency: 1_000, host_concurrency: 1_000 },
    defaults: {
      network: 'private',
      interval,
      timeout: '10s',
      ...(freshEvery !== undefined && { fresh_every: freshEvery }),
    },
    payers,
  })
}

function numbersOf(payer: number, endpoints: number): number[] {
  const first = payer * PER_PAYER
  return Array.from({ length: Math.min(PER_PAYER, endpoints - first) }, (_, i) => first + i)
}
