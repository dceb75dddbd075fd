/**
 * The weather: what is wrong with which endpoint at what time. Pure: the same seed, payers and time give the same scene.
 *
 *   opening (the first minute, so that there is something to see) > port closed > platform > maintenance > own trouble
 */
import { type EndpointPlan, type FamilyName, type PayerPlan, PLATFORM } from './catalog.ts'
import { type Fault, HEALTHY } from './fault.ts'
import { between, generator, lognormal, type Random, shuffled } from './random.ts'

/** What an endpoint does at one time: its fault, and how long it takes to answer, ms. */
export type Scene = { fault: Fault; latencyMs: number }

/** The scene of an endpoint at a time, in ms since the start. */
export type Script = (endpoint: EndpointPlan, at: number) => Scene

/** Answers take this long at least and at most, ms. */
export const LATENCY_MS = { least: 20, most: 400 } as const

/** Where an endpoint's usual latency lies, and how much a slow one takes besides, ms. */
const MEDIAN_MS = [30, 160] as const
const SLOW_MS = [1_100, 2_400] as const

/**
 * Troubles that come again: in each cycle at most one, with this chance, beginning and lasting within these bounds, ms.
 * Their longest times fill at most 80 % of all time, so that everything recovers even with the worst luck.
 */
const TROUBLES = {
  own: { cycle: 300_000, chance: 0.35, begins: [0, 210_000], lasts: [20_000, 90_000] },
  maintenance: { cycle: 480_000, chance: 0.2, begins: [0, 390_000], lasts: [40_000, 90_000] },
  closed: { cycle: 600_000, chance: 0.25, begins: [0, 540_000], lasts: [20_000, 60_000] },
  platform: { cycle: 240_000, chance: 1, begins: [20_000, 30_000], lasts: [35_000, 50_000] },
} as const

/** Writes the script of these payers. */
export function writeScript(seed: number, payers: readonly PayerPlan[]): Script {
  const opening = writeOpening(seed, payers)
  return (endpoint, at) => {
    const first = opening.get(endpoint.id)
    const fault =
      first !== undefined && at < OPENING_ENDS
        ? faultIn(first, at)
        : (shared(seed, endpoint, at) ?? own(seed, endpoint, at) ?? HEALTHY)
    return { fault, latencyMs: latency(seed, endpoint, at) }
  }
}

type Act = { families: readonly FamilyName[]; from: number; until: number; fault: Fault }

const OPENING_ENDS = 75_000

/** Five endpoints whose first minute is certain, whatever the seed. */
const OPENING: readonly Act[] = [
  { families: ['jsonApi', 'fhir'], from: 2_000, until: 34_000, fault: { kind: 'slow', ms: 1_400 } },
  { families: ['x12'], from: 4_000, until: 30_000, fault: { kind: 'unavailable', code: '42' } },
  { families: ['portal'], from: 3_000, until: 38_000, fault: { kind: 'maintenance_503' } },
  {
    families: ['fhir', 'jsonApi'],
    from: 10_000,
    until: 45_000,
    fault: { kind: 'status', status: 502 },
  },
  { families: ['portal'], from: 20_000, until: 50_000, fault: { kind: 'slow', ms: 1_900 } },
]

/** Casts the acts of the opening, one endpoint each, and never more than a fifth of all. */
function writeOpening(seed: number, payers: readonly PayerPlan[]): Map<string, Act> {
  const all = shuffled(
    generator(seed, 'opening'),
    payers.flatMap(({ endpoints }) => endpoints),
  )
  const cast = new Map<string, Act>()
  for (const act of OPENING.slice(0, Math.floor(all.length / 5))) {
    const fits = ({ id, family, via }: EndpointPlan) =>
      act.families.includes(family) && via === 'direct' && !cast.has(id)
    const chosen = all.find(fits)
    if (chosen !== undefined) cast.set(chosen.id, act)
  }
  return cast
}

function faultIn({ from, until, fault }: Act, at: number): Fault {
  return at >= from && at < until ? fault : HEALTHY
}

/** What an endpoint has in common with others: a closed port, a platform, a maintenance window. */
function shared(seed: number, { payer, family, via }: EndpointPlan, at: number): Fault | undefined {
  if (troubled(seed, ['closed', payer], at)) return { kind: 'refuse' }
  if (via === PLATFORM && troubled(seed, ['platform', via], at))
    return { kind: 'status', status: 503 }
  const hasPages = family === 'portal' || family === 'fhir'
  if (hasPages && troubled(seed, ['maintenance', payer], at)) return { kind: 'maintenance_503' }
  return undefined
}

function own(seed: number, { id, family }: EndpointPlan, at: number): Fault | undefined {
  const random = troubled(seed, ['own', id], at)
  if (random === undefined) return undefined
  return random() < 0.4
    ? { kind: 'slow', ms: Math.round(between(random, SLOW_MS)) }
    : bad(family, random)
}

/** The troubles of each family; one that is named twice is twice as likely. */
const BAD: Record<FamilyName, readonly Fault[]> = {
  portal: [
    { kind: 'maintenance_503' },
    { kind: 'maintenance_503' },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'hang' },
    { kind: 'redirect_loop' },
  ],
  jsonApi: [
    { kind: 'status', status: 502 },
    { kind: 'status', status: 503 },
    { kind: 'unavailable', code: '42' },
    { kind: 'hang' },
    { kind: 'wrong_type' },
    { kind: 'truncate' },
  ],
  fhir: [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'maintenance_503' },
    { kind: 'wrong_type' },
    { kind: 'unavailable', code: '42' },
  ],
  x12: [
    { kind: 'unavailable', code: '42' },
    { kind: 'unavailable', code: '80' },
    { kind: 'status', status: 504 },
    { kind: 'hang' },
    { kind: 'reset' },
  ],
}

function bad(family: FamilyName, random: Random): Fault {
  return BAD[family][Math.floor(random() * BAD[family].length)] ?? HEALTHY
}

type Trouble = keyof typeof TROUBLES

/** While the trouble lasts, the rest of its chances; otherwise undefined. */
function troubled(
  seed: number,
  [trouble, whom]: [Trouble, string],
  at: number,
): Random | undefined {
  const { cycle, chance, begins, lasts } = TROUBLES[trouble]
  const phase = trouble === 'platform' ? 0 : generator(seed, trouble, whom)() * cycle
  const round = Math.floor((at + phase) / cycle)
  const random = generator(seed, trouble, whom, round)
  if (random() >= chance) return undefined
  const from = round * cycle - phase + between(random, begins)
  const until = from + between(random, lasts)
  return at >= from && at < until ? random : undefined
}

/** Lognormal around a median of the endpoint's own. */
function latency(seed: number, { id }: EndpointPlan, at: number): number {
  const median = between(generator(seed, 'median', id), MEDIAN_MS)
  const drawn = lognormal(generator(seed, 'latency', id, at), median, 0.35)
  return Math.round(Math.min(LATENCY_MS.most, Math.max(LATENCY_MS.least, drawn)))
}
