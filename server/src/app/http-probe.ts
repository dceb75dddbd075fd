import type { Clock, Probe } from '../ports.ts'
import { createHttpProbe, type Watcher } from '../probe/http.ts'
import { userAgent } from './prober-settings.ts'

/** What one probe outside the monitor needs. */
export type HttpProbeOf = { clock: Clock; version: string; onLeg: Watcher }

/** A probe of kind `http` alone, which remembers nothing and tells of every request. */
export function startHttpProbe({
  clock,
  version,
  onLeg,
}: HttpProbeOf): AsyncDisposable & { probe: Probe } {
  return createHttpProbe({ clock, userAgent: userAgent(version, ''), dnsMaxAge: 0, onLeg })
}
