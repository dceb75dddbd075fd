export type { Clock } from './clock.ts'
export { FAULTS, type Fault, type FaultKind } from './fault.ts'
export type {
  RequestCounts,
  SimulatedEndpoint,
  SimulatedPayer,
  Simulator,
  SimulatorOptions,
} from './model.ts'
export { startSimulator } from './simulator.ts'
