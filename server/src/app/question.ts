import { createHash } from 'node:crypto'
import type { Endpoint } from '../config/config.ts'

/** Whether an endpoint is asked something else than before, so that what was known of it says nothing any more. */
export function asksAnew(before: Endpoint | undefined, after: Endpoint | undefined): boolean {
  return before === undefined || after === undefined || questionOf(before) !== questionOf(after)
}

/** What is asked of whom, in one text that never leaves this file. */
function questionOf(endpoint: Endpoint): string {
  const { kind, method, network, headers, body, url, expect, notProbeable } = endpoint
  const sent = headers.map(([name, value]) => [name, value.reveal()])
  return JSON.stringify([
    kind,
    method,
    network,
    sent,
    body?.reveal(),
    url.reveal(),
    expect,
    notProbeable,
  ])
}

/**
 * Tells questions apart across restarts: a hash of what is asked of whom from where, without the values of headers, body,
 * query and expected texts that were filled in, which may be secret.
 */
export function fingerprintOf(endpoint: Endpoint, vantage: string): string {
  const { kind, method, network, headers, body, shownUrl, expect, notProbeable } = endpoint
  const names = headers.map(([name]) => name)
  const expected = expect.shown ? [Object.keys(expect), expect.shown] : expect
  const hasBody = body !== undefined
  const asked = [vantage, kind, method, network, names, hasBody, shownUrl, expected, notProbeable]
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 16)
}
