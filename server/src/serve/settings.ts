import type { Config } from '../config/config.ts'
import type { Socket } from '../ports.ts'

/** What the hub is told by the configuration (`hub` and `limits` together), and what it says of itself. */
export type HubSettings = Pick<Config['hub'], 'tick' | 'heartbeat' | 'maxAge'> &
  Config['limits'] & {
    /** Name and version of the program. */
    server: string
    node: string
  }

/** A socket that may also be able to ask whether its far side is alive, and to end without a farewell. */
export type Peer = Socket & {
  /** Asks for a sign of life; the answer calls `session.alive()`. */
  ping?(): void
  terminate?(): void
}
