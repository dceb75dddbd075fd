import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import type { Clock } from '../lib/clock.ts'
import { late, ProbeError, toProbeError } from './failure.ts'

/** All addresses of a host name, in the order they should be tried. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

/** What `localhost` always is. Source: RFC 6761 section 6.3. */
const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

/** The system's resolver, hosts file and all. It has few threads; addresses and `localhost` need none of them. */
export const systemResolve: Resolve = async (hostname) =>
  hostname === 'localhost' ? LOOPBACK : lookup(hostname, { all: true, order: 'verbatim' })

/** How long it is remembered that a name did not resolve, ms. */
const NEGATIVE_AGE = 5_000
/** Most names that are remembered; beyond it the oldest answer is forgotten. */
const MAX_ENTRIES = 10_000

type Entry = { expires: number; answer: readonly LookupAddress[] | ProbeError }

/** What a name resolved to, and whether that was remembered. */
export type Resolved = { addresses: readonly LookupAddress[]; cached: boolean }

/** Remembers addresses up to a maximum age, and asks for one name once at a time. */
export class DnsCache {
  readonly #clock: Clock
  readonly #maxAge: number
  readonly #resolve: Resolve
  readonly #entries = new Map<string, Entry>()
  readonly #asking = new Map<string, Promise<readonly LookupAddress[]>>()

  constructor(deps: { clock: Clock; maxAge: number; resolve: Resolve }) {
    this.#clock = deps.clock
    this.#maxAge = deps.maxAge
    this.#resolve = deps.resolve
  }

  /** The number of names that are remembered. */
  get size(): number {
    return this.#entries.size
  }

  /**
   * The addresses of `hostname`; `fresh` takes no remembered ones. That a name did not resolve is always remembered.
   * @throws {ProbeError} `dns.*`
   */
  async addresses(hostname: string, how: { timeout: number; fresh: boolean }): Promise<Resolved> {
    const known = this.#remembered(hostname)
    if (known instanceof ProbeError) throw known
    if (known !== undefined && !how.fresh) return { addresses: known, cached: true }
    return { addresses: await this.#inTime(hostname, how.timeout), cached: false }
  }

  #remembered(hostname: string): Entry['answer'] | undefined {
    const entry = this.#entries.get(hostname)
    if (entry === undefined || entry.expires > this.#clock.monotonic()) return entry?.answer
    this.#entries.delete(hostname)
    return undefined
  }

  /**
   * Waits for the answer no longer than `ms`. A question that takes longer stays open, and the next one joins it: asked
   * anew, a name that does not answer would take one of the resolver's few threads after the other.
   */
  #inTime(hostname: string, ms: number): Promise<readonly LookupAddress[]> {
    const asking = this.#ask(hostname)
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(ms, () => reject(late('dns', ms)))
      asking.then(resolve, reject).finally(cancel)
    })
  }

  #ask(hostname: string): Promise<readonly LookupAddress[]> {
    const already = this.#asking.get(hostname)
    if (already !== undefined) return already
    const asking = this.#answer(hostname).finally(() => this.#asking.delete(hostname))
    this.#asking.set(hostname, asking)
    return asking
  }

  async #answer(hostname: string): Promise<readonly LookupAddress[]> {
    try {
      const addresses = await this.#resolve(hostname)
      if (addresses.length === 0) throw new ProbeError('dns.nxdomain')
      this.#remember(hostname, addresses, this.#maxAge)
      return addresses
    } catch (error) {
      const failure = toProbeError(error, { step: 'dns', tls: null })
      this.#remember(hostname, failure, NEGATIVE_AGE)
      throw failure
    }
  }

  #remember(hostname: string, answer: Entry['answer'], age: number): void {
    this.#entries.delete(hostname)
    this.#entries.set(hostname, { expires: this.#clock.monotonic() + age, answer })
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest)
  }
}
