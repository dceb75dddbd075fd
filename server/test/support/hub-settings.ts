import type { HubSettings } from '../../src/serve/settings.ts'

/** The settings of a hub in tests. */
export const HUB_SETTINGS: HubSettings = {
  tick: 50,
  heartbeat: 15_000,
  maxAge: 3_600_000,
  maxConnections: 100,
  connectionsPerAddress: 50,
  handshakesPerSecond: 500,
  handshakesAtOnce: 512,
  frameBytes: 16_384,
  unacknowledged: 262_144,
  stuckAfter: 60_000,
  bodyBytes: 65_536,
  server: 'payer-status/test',
  node: 'n1',
}
