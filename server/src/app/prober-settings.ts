import type { Config } from '../config/config.ts'
import { budgetsOf } from './budgets.ts'
import type { ProberSettings } from './prober.ts'

/** What the prober side is told by the configuration. */
export function proberSettings({ probing }: Config, version: string): ProberSettings {
  return {
    concurrency: probing.concurrency,
    budgets: budgetsOf(probing),
    vantage: probing.vantage,
    control: probing.control,
    userAgent: userAgent(version, probing.userAgentContact),
    dnsMaxAge: probing.dnsMaxAge,
  }
}

/** Who asks, and where to complain. Source: the crawlers' custom of `name/version (+contact)`. */
export function userAgent(version: string, contact: string): string {
  return `PayerStatusIO/${version}${contact === '' ? '' : ` (+${contact})`}`
}
