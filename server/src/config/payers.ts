/** Payers as entries: merged where several files speak of one, and never to be taken for each other. */
import { slug } from '../lib/ids.ts'
import type { PayerEntry } from './config.ts'
import type { Payer } from './payer-schema.ts'
import { type Place, type Problem, quoted, type Source, valueAt } from './problem.ts'
import type { Path } from './yaml.ts'

/** One payer as one file speaks of it. */
export type PayerInput = {
  source: Source
  path: Path
  payer: Payer
  /** Whether its file is in the original's format, which tells of mistakes where ours refuses them. */
  lenient: boolean
  /** Endpoints, by number, that cannot be probed, and why. */
  blocked: ReadonlyMap<number, string>
}

/** What all entries of a payer say together, and where they contradict each other. */
export type Merged = {
  entry: PayerEntry
  network: Payer['network']
  timeZone: string | undefined
  baseUrl: string | undefined
  /** The base as its file writes it. */
  baseRaw: unknown
  conflicts: Problem[]
}

/** Merges what is said of the payer `id`; where two say different things the first counts. */
export function mergedPayer(id: string, inputs: readonly PayerInput[]): Merged {
  const said = <T>(pick: (payer: Payer) => T | undefined) =>
    inputs.map(({ payer }) => pick(payer)).find((value) => value !== undefined)
  const identifiers = inputs.flatMap(({ payer }) => payer.identifiers)
  const entry: PayerEntry = {
    payer: id,
    name: said(({ name }) => name) ?? id,
    aliases: [...new Set(inputs.flatMap(({ payer }) => payer.aliases))],
    identifiers: identifiers.filter(
      (one, i) => i === identifiers.findIndex((other) => isSame(one, other)),
    ),
  }
  return {
    entry,
    network: said(({ network }) => network),
    timeZone: said(({ time_zone }) => time_zone),
    baseUrl: said(({ base_url }) => base_url?.reveal()),
    baseRaw: baseRaw(inputs),
    conflicts: ATTRIBUTES.flatMap((attribute) => conflictsOver(attribute, inputs)),
  }
}

function baseRaw(inputs: readonly PayerInput[]): unknown {
  const saying = inputs.find(({ payer }) => payer.base_url !== undefined)
  return saying && valueAt(saying.source.value, [...saying.path, 'base_url'])
}

function isSame(a: PayerEntry['identifiers'][number], b: typeof a): boolean {
  return a.scheme === b.scheme && a.value === b.value
}

const ATTRIBUTES = ['name', 'time_zone', 'base_url', 'network'] as const
type Attribute = (typeof ATTRIBUTES)[number]

function conflictsOver(attribute: Attribute, inputs: readonly PayerInput[]): Problem[] {
  const saying = inputs.filter(({ payer }) => payer[attribute] !== undefined)
  const [first] = saying
  if (first === undefined) return []
  return saying
    .filter(({ payer }) => saidOf(payer, attribute) !== saidOf(first.payer, attribute))
    .map(({ source, path }) => ({
      source,
      path: [...path, attribute],
      message: `expected the same as at ${lineText({ ...first, path: [...first.path, attribute] })}, since both are the payer ${quoted(slug(first.payer.name))}`,
    }))
}

function saidOf(payer: Payer, attribute: Attribute): string | undefined {
  return attribute === 'base_url' ? payer.base_url?.reveal() : payer[attribute]
}

/** `payers.yaml:41`. */
export function lineText({ source, path }: Place): string {
  return source === undefined ? 'the command line' : `${source.shown}:${source.lineOf(path)}`
}

type Claim = { id: string; name: string; place: Place }

/** Names by which clients could mean two payers. */
export function collisions(inputs: readonly PayerInput[]): Problem[] {
  const claims = new Map<string, Claim>()
  const problems: Problem[] = []
  for (const claim of inputs.flatMap(claimsOf)) {
    const key = claim.name.normalize('NFC').toLowerCase()
    const first = claims.get(key)
    if (first === undefined) claims.set(key, claim)
    else if (first.id !== claim.id)
      problems.push({
        ...claim.place,
        message: `the name ${quoted(claim.name)} already stands for the payer ${quoted(first.id)} at ${lineText(first.place)}`,
      })
  }
  return problems
}

function claimsOf({ source, path, payer }: PayerInput): Claim[] {
  const id = slug(payer.name)
  const own = { id, place: { source, path: [...path, 'name'] } }
  return [
    { ...own, name: id },
    { ...own, name: payer.name },
    ...payer.aliases.map((name, i) => ({
      id,
      name,
      place: { source, path: [...path, 'aliases', i] },
    })),
  ]
}
