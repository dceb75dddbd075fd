import type { ProbeResult } from '../model.ts'
import { healthOf } from '../status/health.ts'
import { reasonOf } from '../status/reason.ts'
import { printable } from './io.ts'

/** What the answer means, in words and codes. */
export function reasonWords(result: ProbeResult): string {
  const reason = reasonOf(result)
  if (reason === null) return `verdict ${result.verdict}`
  const codes = reason.codes.length > 0 ? ` (${reason.codes.join(', ')})` : ''
  return printable(`verdict ${result.verdict}, ${reason.message}${codes}`)
}

/** Whose doing it is, where something is wrong. */
export function adviceText(result: ProbeResult): string[] {
  if (healthOf(result) === 'healthy') return []
  return [`attributed to: ${result.attribution.replaceAll('_', ' ')}`]
}
