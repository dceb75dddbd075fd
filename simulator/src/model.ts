/** What the simulator is from outside. */
import type { Watch } from './answer.ts'
import type { EndpointPlan, PayerPlan } from './catalog.ts'
import type { Clock } from './clock.ts'
import type { Fault } from './fault.ts'

/** How to start a simulator; everything has a default. */
export type SimulatorOptions = {
  /** The same seed gives the same payers and the same script. @defaultValue 1 */
  seed?: number
  /** How many payers. @defaultValue 36 */
  payers?: number
  clock?: Clock
  /** Address the payers listen on. @defaultValue 127.0.0.1 */
  host?: string
  /** False: everything is healthy, at once, until forced. @defaultValue true */
  scripted?: boolean
  /** `each`: every payer has a port of its own. `shared`: one port for all, so that nothing can refuse. @defaultValue each */
  ports?: 'each' | 'shared'
}

/** One address of a simulated payer. */
export type SimulatedEndpoint = EndpointPlan & { port: number; url: string; watch: Watch }

/** A payer that exists only here. */
export type SimulatedPayer = Omit<PayerPlan, 'endpoints'> & {
  endpoints: readonly SimulatedEndpoint[]
}

/** How often an endpoint was asked, and how often its answer was sent whole. */
export type RequestCounts = { received: number; answered: number }

/** Simulated payers that answer until they are disposed of. */
export interface Simulator extends AsyncDisposable {
  readonly seed: number
  readonly payers: readonly SimulatedPayer[]
  /** Address of the control API. */
  readonly control: string
  /** Puts a fault in place of the script, for good or `forMs`. Resolves when it is in effect. @throws {RangeError} */
  force(endpointId: string, fault: Fault, options?: { forMs?: number }): Promise<void>
  /** Goes back to the script, for one endpoint or all. @throws {RangeError} */
  clear(endpointId?: string): Promise<void>
  /** What is wrong with the endpoint now, and whether somebody forced it. @throws {RangeError} */
  fault(endpointId: string): { fault: Fault; forced: boolean }
  /** @throws {RangeError} */
  requests(endpointId: string): RequestCounts
  /** A configuration file of the monitor that watches everything. */
  configYaml(options: { interval: string }): string
}
