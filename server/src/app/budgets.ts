/** What is asked of hosts and payers at most. */
import type { Config, Endpoint } from '../config/config.ts'
import type { Budget, Share } from '../schedule/gate.ts'

/** The budgets of each host and each payer, by the network their endpoints are in. */
export type Budgets = Record<Endpoint['network'], { host: Budget; payer: Budget }>

const UNLIMITED = Number.POSITIVE_INFINITY
/** What a visitor may ask of a public site: a request at a time, twelve a minute; of a payer's sites together, four at a time. */
const PUBLIC = {
  host: { perMinute: 12 },
  payer: { concurrent: 4, perMinute: UNLIMITED },
} as const

/** What is set holds in both networks; what is not is limited in the public one only. */
export function budgetsOf({
  budgets: { host, payer },
  hostConcurrency,
}: Pick<Config['probing'], 'budgets' | 'hostConcurrency'>): Budgets {
  const none: Budget = { concurrent: UNLIMITED, perMinute: UNLIMITED }
  const publicHost = { ...PUBLIC.host, concurrent: hostConcurrency }
  return {
    public: { host: asSet(host, publicHost), payer: asSet(payer, PUBLIC.payer) },
    private: { host: asSet(host, none), payer: asSet(payer, none) },
  }
}

function asSet(
  { concurrent, perMinute }: Config['probing']['budgets']['host'],
  usual: Budget,
): Budget {
  return {
    concurrent: concurrent ?? usual.concurrent,
    perMinute: perMinute ?? usual.perMinute,
  }
}

/** The budgets that an endpoint counts against; one that limits nothing is left out. */
export function sharesOf(
  { host, payer, network }: Pick<Endpoint, 'host' | 'payer' | 'network'>,
  budgets: Budgets,
): Share[] {
  const shares: Share[] = [
    { of: 'host', name: withoutPort(host), ...budgets[network].host },
    { of: 'payer', name: payer, ...budgets[network].payer },
  ]
  return shares.filter(({ concurrent, perMinute }) => Math.min(concurrent, perMinute) < UNLIMITED)
}

/** A host's name: its budget holds for all its ports. */
function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '')
}
