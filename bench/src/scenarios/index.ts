import { rivalScenarios } from '../rivals/scenario.ts'
import type { Scenario } from '../scenario.ts'
import { churn } from './churn.ts'
import { connectRate } from './connect-rate.ts'
import { connections } from './connections.ts'
import { fanout, fanoutSingle } from './fanout.ts'
import { filters } from './filters.ts'
import { latency } from './latency.ts'
import { memory } from './memory.ts'
import { probeAlone, probeCost } from './probe-cost.ts'
import { probing } from './probing.ts'
import { resume } from './resume.ts'
import { slow } from './slow.ts'
import { storeRead, storeWrite } from './store.ts'
import { throughput } from './throughput.ts'

/** Everything that can be measured, in the order in which it is. */
export const scenarios: readonly Scenario[] = [
  fanout,
  fanoutSingle,
  throughput,
  latency,
  filters,
  memory,
  connections,
  connectRate,
  slow,
  probing,
  resume,
  churn,
  probeCost,
  probeAlone,
  storeWrite,
  storeRead,
  ...rivalScenarios,
]
