/** What a reload changes. */
import { isDeepStrictEqual } from 'node:util'
import { packSecrets } from '../lib/secret.ts'
import type { Config, Endpoint } from './config.ts'

/** Ids of endpoints, by what became of them. */
export type EndpointDiff = {
  added: string[]
  changed: string[]
  removed: string[]
  unchanged: string[]
}

/** Compares endpoints by id, secrets included. */
export function diffEndpoints(
  before: readonly Endpoint[],
  after: readonly Endpoint[],
): EndpointDiff {
  const known = new Map(before.map((endpoint) => [endpoint.id, endpoint]))
  const diff: EndpointDiff = { added: [], changed: [], removed: [], unchanged: [] }
  for (const endpoint of after) {
    const old = known.get(endpoint.id)
    known.delete(endpoint.id)
    if (old === undefined) diff.added.push(endpoint.id)
    else diff[isSame(old, endpoint) ? 'unchanged' : 'changed'].push(endpoint.id)
  }
  diff.removed.push(...known.keys())
  return diff
}

/** A secret equals another of the same text only when it is unpacked: its text is a private field. */
function isSame(a: Endpoint, b: Endpoint): boolean {
  return isDeepStrictEqual(packSecrets(a), packSecrets(b))
}

/** The parts of a configuration that a running monitor does not take over; payers, endpoints and keys it does. */
const FIXED = [
  'server',
  'metrics',
  'log',
  'shutdown',
  'limits',
  'hub',
  'store',
  'gateway',
  'probing',
] as const satisfies (keyof Config)[]
type Fixed = Pick<Config, (typeof FIXED)[number]>

/** The settings that changed and take effect only after a restart, as the file writes them. */
export function needsRestart(before: Fixed, after: Fixed): string[] {
  return FIXED.flatMap((section) => {
    const old = new Map(Object.entries(before[section]))
    const changed = Object.entries(after[section]).filter(
      ([key, value]) => !isDeepStrictEqual(value, old.get(key)),
    )
    return changed.map(([key]) => `${section}.${snake(key)}`)
  })
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
