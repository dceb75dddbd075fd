/** What endpoints share, and which of those that share it are down: kept up to date one endpoint at a time. */
import type { IncidentRecord } from '../model.ts'

/** Where an endpoint is, as the catalogue says, and who issued the certificate that it shows. `host` may carry a port. */
export type Place = { host: string; via: string; issuer?: string | undefined }

/** What several endpoints can have in common, the most specific first. */
export const SCOPES = ['host', 'platform', 'issuer', 'intermediary', 'payer'] as const
export type Shared = (typeof SCOPES)[number]

/** An endpoint's own: nothing is shared. */
export type Scope = IncidentRecord['scope']

/** What an endpoint shares with others. The domain that several hosts stand in is a platform; a direct route is nobody's. */
export function componentsOf(payer: string, { host, via, issuer }: Place): string[] {
  const domain = parentOf(host)
  return [
    ...(host === '' ? [] : [`host|${host}`]),
    ...(domain === undefined ? [] : [`platform|${domain}`]),
    ...(issuer === undefined ? [] : [`issuer|${issuer}`]),
    ...(via === 'direct' ? [] : [`intermediary|${via}`]),
    `payer|${payer}`,
  ]
}

/** Of which scope a component is. */
export function scopeOf(component: string): Shared {
  return component.slice(0, component.indexOf('|')) as Shared // safe: made by componentsOf
}

/** The domain that a host stands in; undefined for an address, and for a domain that is not below another. */
function parentOf(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  const labels = name.split('.')
  const isAddress = name.includes(':') || /^\d+$/.test(labels.at(-1) ?? '')
  return isAddress || labels.length < 3 ? undefined : labels.slice(1).join('.')
}

const NONE: ReadonlySet<string> = new Set()
const NOT_FAILING: ReadonlyMap<string, number> = new Map()

type Placed = Pick<Place, 'host' | 'issuer'> & { text: string; components: string[] }

/** Which endpoints stand where, and since when those that are down are so. */
export class Components {
  readonly #placed = new Map<string, Placed>()
  readonly #members = new Map<string, Set<string>>()
  readonly #failing = new Map<string, Map<string, number>>()

  /** Puts an endpoint where it is now; without a place it has left. */
  place(endpoint: string, payer: string, place: Place | undefined): void {
    const before = this.#placed.get(endpoint)
    const text = place && `${place.host} ${place.via} ${place.issuer ?? ''}`
    if (before?.text === text) return
    this.#leave(endpoint)
    if (place === undefined || text === undefined) return
    const components = componentsOf(payer, place)
    this.#placed.set(endpoint, { text, host: place.host, issuer: place.issuer, components })
    for (const component of components)
      this.#members.set(component, (this.#members.get(component) ?? new Set()).add(endpoint))
  }

  /** What an endpoint shares with others, the most specific first. */
  of(endpoint: string): readonly string[] {
    return this.#placed.get(endpoint)?.components ?? []
  }

  hostOf(endpoint: string): string {
    return this.#placed.get(endpoint)?.host ?? ''
  }

  /** Who issued the certificate that it was placed with. */
  issuerOf(endpoint: string): string | undefined {
    return this.#placed.get(endpoint)?.issuer
  }

  /** The endpoints that share a component. */
  members(component: string): ReadonlySet<string> {
    return this.#members.get(component) ?? NONE
  }

  /** Those of them that are down, with the time of their first failure, epoch ms. */
  failing(component: string): ReadonlyMap<string, number> {
    return this.#failing.get(component) ?? NOT_FAILING
  }

  isFailing(endpoint: string): boolean {
    const [component = ''] = this.of(endpoint)
    return this.failing(component).has(endpoint)
  }

  /**
   * Notes that an endpoint is down since a time, epoch ms, or no longer. True when that is new. Who issued its certificate has
   * to do with it only where the certificate is what is wrong.
   */
  note(endpoint: string, down: number | undefined, isCertificate = false): boolean {
    let isNew = false
    for (const component of this.of(endpoint)) {
      const since = isCertificate || scopeOf(component) !== 'issuer' ? down : undefined
      const failing = this.#failing.get(component) ?? new Map<string, number>()
      isNew ||= since !== undefined && failing.get(endpoint) !== since
      if (since === undefined) failing.delete(endpoint)
      else failing.set(endpoint, since)
      if (failing.size === 0) this.#failing.delete(component)
      else this.#failing.set(component, failing)
    }
    return isNew
  }

  #leave(endpoint: string): void {
    this.note(endpoint, undefined)
    for (const component of this.of(endpoint)) {
      const members = this.#members.get(component)
      members?.delete(endpoint)
      if (members?.size === 0) this.#members.delete(component)
    }
    this.#placed.delete(endpoint)
  }
}
