import type { History } from '../../src/ports.ts'

/** Nothing is remembered. */
export const noHistory: History = {
  results: async () => [],
  latency: async () => [],
  timeline: async () => [],
  days: async () => new Map(),
  incidents: async () => [],
  incident: async () => null,
}
