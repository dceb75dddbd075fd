import { startProber } from '../app/prober.ts'
import { proberSettings } from '../app/prober-settings.ts'
import type { Config, Endpoint } from '../config/config.ts'
import { errorCode } from '../lib/errors.ts'
import { silentLog } from '../lib/log.ts'
import type { ProbeResult } from '../model.ts'
import type { Clock, Random } from '../ports.ts'
import { healthOf } from '../status/health.ts'
import { reasonOf } from '../status/reason.ts'
import type { Checked } from './check-table.ts'
import { version } from './version.ts'

/** What checking needs; `done` is told of each endpoint that has been. */
export type CheckDeps = { clock: Clock; random: Random; done: () => void }

/** Probes each endpoint once, within the monitor's own limits, in the order of the configuration. */
export async function checkAll(
  config: Config,
  endpoints: readonly Endpoint[],
  { clock, random, done }: CheckDeps,
): Promise<Checked[]> {
  const nothing = { state: () => {}, result: () => {} }
  let probe = 0
  const probeId = () => `p${++probe}`
  const outside = { clock, random, log: silentLog, probeId }
  await using prober = startProber(proberSettings(config, version()), nothing, outside)
  prober.assign({ endpoints: endpoints.map(rarely), states: [], reset: [] })
  return await Promise.all(
    endpoints.map(async (endpoint) => {
      const checked =
        endpoint.notProbeable === undefined
          ? await prober.probeNow(endpoint.id).then(
              (result) => judged(endpoint, result),
              (error: unknown) => untold(endpoint, errorCode(error)),
            )
          : untold(endpoint, endpoint.notProbeable)
      done()
      return checked
    }),
  )
}

/** Asked only once while others are still asked. */
function rarely(endpoint: Endpoint): Endpoint {
  return { ...endpoint, interval: RARELY_MS, confirmAfter: RARELY_MS }
}

const RARELY_MS = 7 * 86_400_000

const STATUS_OF = {
  healthy: 'operational',
  degraded: 'degraded',
  unhealthy: 'down',
  maintenance: 'maintenance',
  inconclusive: 'unknown',
} as const

/** What one answer alone says; the monitor wants a second before it changes its mind. */
function judged(endpoint: Endpoint, result: ProbeResult): Checked {
  const { latencyMs, statusCode, phases, verdict, attribution, attempts } = result
  return {
    ...namesOf(endpoint),
    status: STATUS_OF[healthOf(result)],
    latencyMs: Math.round(latencyMs),
    statusCode,
    verdict,
    attribution,
    reason: reasonOf(result),
    attempts,
    phases,
  }
}

function untold(endpoint: Endpoint, why: string): Checked {
  return {
    ...namesOf(endpoint),
    status: 'unknown',
    latencyMs: null,
    statusCode: null,
    verdict: 'unknown',
    attribution: null,
    reason: { kind: 'not_probeable', codes: [], message: why },
    attempts: 0,
    phases: null,
  }
}

function namesOf({ id, payerName, type, via, shownUrl }: Endpoint) {
  return { endpoint: id, payer: payerName, type, via, url: shownUrl }
}
