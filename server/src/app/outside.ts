import type { Log, LogLevel } from '../lib/log.ts'
import type { Clock, Random, Store } from '../ports.ts'
import type { Probes } from '../probe/prober.ts'

/** What the monitor cannot choose itself. Tests hand in their own. */
export type Outside = {
  clock: Clock
  random: Random
  log: Log
  /** How other threads log; without it there are none, and all share this one, as a test with its own clock must. */
  thread: { level: LogLevel; isTerminal: boolean } | undefined
  /** How endpoints are asked, where the prober shares this thread. */
  probes?: Probes
  /** The file of a gateway thread; tests hand in one that crashes. */
  gatewayEntry?: URL
  /** The file of the store's thread; tests hand in one that crashes. */
  storeEntry?: URL
  /** Where history is kept; without it, where the configuration says. */
  store?: Store
  version: string
  /** Absolute path of the built board. */
  boardDirectory: string | undefined
}
