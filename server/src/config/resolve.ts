/** From what files say to what the program uses: every payer with its id, every endpoint complete. */
import { slug } from '../lib/ids.ts'
import { packSecrets } from '../lib/secret.ts'
import type { Endpoint, PayerEntry, Plan } from './config.ts'
import { type Draft, draftOf, type Shared } from './endpoint.ts'
import { namesOf } from './names.ts'
import { collisions, lineText, mergedPayer, type PayerInput } from './payers.ts'
import { plansOf } from './plans.ts'
import type { Place, Problem } from './problem.ts'

/** Everything resolved, what is wrong and what is worth saying. */
export type Resolved = {
  payers: PayerEntry[]
  endpoints: Endpoint[]
  maintenance: Plan[]
  /** Where each endpoint is written, by its id. */
  places: Map<string, Place>
  problems: Problem[]
  warnings: Problem[]
}

/** Resolves all payers; those with the same id, from whatever file, become one. One whose endpoints are all switched off is not listed. */
export function resolve(inputs: readonly PayerInput[], shared: Shared): Resolved {
  const resolved: Resolved = {
    payers: [],
    endpoints: [],
    maintenance: [],
    places: new Map(),
    problems: [],
    warnings: [],
  }
  for (const [id, group] of Map.groupBy(inputs, ({ payer }) => slug(payer.name))) {
    const merged = mergedPayer(id, group)
    const isLenient = group.every(({ lenient }) => lenient)
    resolved[isLenient ? 'warnings' : 'problems'].push(...merged.conflicts)
    const around = { ...shared, merged, notes: resolved }
    const drafts = group.flatMap((input) =>
      input.payer.endpoints.flatMap((_, i) => draftOf(input, i, around) ?? []),
    )
    const zone = merged.timeZone ?? shared.defaults.time_zone
    const clocks = zone === undefined ? {} : { timeZone: zone }
    if (drafts.length > 0) resolved.payers.push({ ...merged.entry, ...clocks })
    resolved.endpoints.push(...named(distinct(drafts, resolved), id, resolved))
    const { plans, problems } = plansOf(group, { payer: id, timeZone: 'UTC', ...clocks })
    if (drafts.length > 0) resolved.maintenance.push(...plans)
    resolved.problems.push(...problems)
  }
  resolved.problems.push(...collisions(inputs))
  return resolved
}

/** Each endpoint once; that one is listed again is a mistake in our format, worth a word in the original's. */
function distinct(drafts: readonly Draft[], resolved: Resolved): Draft[] {
  const groups = [...Map.groupBy(drafts, contentOf).values()]
  for (const [first, second, ...more] of groups) {
    if (first === undefined || second === undefined) continue
    const times = more.length === 0 ? 'twice' : `${more.length + 2} times`
    const problem = {
      ...second.place,
      message: `this endpoint is listed ${times}, first at ${lineText(first.place)}`,
    }
    resolved[second.lenient ? 'warnings' : 'problems'].push(problem)
  }
  return groups.flatMap(([first]) => first ?? [])
}

function contentOf({ name, endpoint }: Draft): string {
  const { type, kind, via, method, url, headers, body, oauth2, tls, notProbeable } = endpoint
  const transport = [tls?.id, tls?.serverName, tls?.skipVerify, oauth2?.tls?.id]
  const token = { ...oauth2, tls: undefined }
  const asked = { method, url, headers, body, token, transport }
  const content = { name, type, kind, via, ...asked, notProbeable }
  return JSON.stringify(packSecrets(content))
}

function named(drafts: readonly Draft[], payer: string, resolved: Resolved): Endpoint[] {
  const names = namesOf(
    drafts.map(({ name, endpoint, identities }) => ({ name, type: endpoint.type, identities })),
  )
  const firsts = new Map<string, Draft>()
  return drafts.map((draft, i) => {
    const name = names[i] ?? ''
    const first = firsts.get(name)
    if (first === undefined) firsts.set(name, draft)
    else resolved.problems.push(nameTaken(draft, { name, first }))
    const id = `${payer}/${name}`
    resolved.places.set(id, draft.place)
    return { id, ...draft.endpoint }
  })
}

function nameTaken(draft: Draft, { name, first }: { name: string; first: Draft }): Problem {
  const message = `expected a name of its own, since "${name}" is the endpoint at ${lineText(first.place)}`
  return { ...draft.place, message }
}
