import type { Config, Endpoint, PayerEntry } from '../config/config.ts'
import { UnknownNameError } from '../lib/errors.ts'
import { nearMatches, slug } from '../lib/ids.ts'
import { printable } from './io.ts'

/** Which endpoints; what is not said leaves nothing out. */
export type Selection = {
  payer?: readonly string[]
  type?: readonly string[]
  endpoint?: readonly string[]
}

/**
 * The endpoints that a selection means, in the order of the configuration.
 * @throws {UnknownNameError} when it names what is not there
 */
export function selected<T extends Pick<Endpoint, 'id' | 'payer' | 'type'>>(
  { payers, endpoints }: Pick<Config, 'payers'> & { endpoints: readonly T[] },
  { payer, type, endpoint }: Selection,
): T[] {
  const idsByName = new Map(payers.flatMap((entry) => namesOf(entry).map((n) => [n, entry.payer])))
  const types = new Map(endpoints.map((one) => [slug(one.type), one.type]))
  const ids = new Map(endpoints.map(({ id }) => [id, id]))
  const wanted = {
    payer: payer?.map((name) => found('payer', slug(name), idsByName)),
    type: type?.map((name) => found('type', slug(name), types)),
    endpoint: endpoint?.map((name) => found('endpoint', name.toLowerCase(), ids)),
  }
  return endpoints.filter(
    (one) =>
      (wanted.payer?.includes(one.payer) ?? true) &&
      (wanted.type?.includes(one.type) ?? true) &&
      (wanted.endpoint?.includes(one.id) ?? true),
  )
}

function namesOf({ payer, name, aliases, identifiers }: PayerEntry): string[] {
  return [payer, slug(name), ...aliases.map(slug), ...identifiers.map(({ value }) => slug(value))]
}

function found(what: string, name: string, known: ReadonlyMap<string, string>): string {
  const id = known.get(name)
  if (id !== undefined) return id
  const near = nearMatches(name.slice(0, 80), known.keys())
  const hint = near.length > 0 ? `, did you mean ${near.join(' or ')}?` : ''
  throw new UnknownNameError(`no ${what} "${printable(name.slice(0, 80))}" is configured${hint}`, [
    ...near,
  ])
}
