import type { Clock, Probe } from '../ports.ts'
import { createHttpProbe } from '../probe/http.ts'
import type { Watcher } from '../probe/leg.ts'
import { userAgent } from './prober-settings.ts'

/** What one probe outside the monitor needs. */
export type HttpProbeOf = { clock: Clock; version: string; onLeg: Watcher }

/** A probe of kind `http` alone, which remembers nothing and tells of every request. */
export function startHttpProbe({
  clock,
  version,
  onLeg,
}: HttpProbeOf): AsyncDisposable & { probe: Probe } {
  const identity = userAgent(version, '')
  return createHttpProbe({ clock, userAgent: identity, dnsMaxAge: 0, watcherOf: () => onLeg })
}
