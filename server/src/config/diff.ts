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

type Listeners = Pick<Config, 'server' | 'metrics'>

const LISTENERS = [
  ['server', 'host'],
  ['server', 'port'],
  ['metrics', 'host'],
  ['metrics', 'port'],
] as const

/** The settings that changed and take effect only after a restart: where the monitor listens. */
export function needsRestart(before: Listeners, after: Listeners): string[] {
  const settingAt = (config: Listeners, [section, key]: (typeof LISTENERS)[number]) =>
    config[section][key]
  return LISTENERS.filter(
    (setting) => settingAt(before, setting) !== settingAt(after, setting),
  ).map((setting) => setting.join('.'))
}
