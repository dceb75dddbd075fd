/** Invented worlds for looking at the board: payers, endpoints, and what is wrong with them. */
import type { Incident, Payer, State, Window } from '@payer-status/client'
import { payer, result, state } from './records.ts'
import { rolledUp } from './roll-up.ts'

/** All records that a fake monitor serves. */
export type World = {
  payers: Payer[]
  endpoints: State[]
  incidents: Incident[]
  maintenance: Window[]
}

type Capability = NonNullable<State['capability']>

const NAMES =
  'Aetna;Ameritas;Anthem;BCBS Alabama;BCBS Utah;Cigna;Connection Dental (GEHA);Delta Dental California;Delta Dental of Washington;DentaQuest;Elevance (P360);EmblemHealth;GEHA;Guardian;HealthPartners;Highmark;Humana;Kaiser Permanente;Liberty Dental;Lincoln Financial;Medicaid Indiana;MetLife;Molina Healthcare;Mutual of Omaha;Principal;Regence BlueShield;Renaissance;Sun Life;Tricare;United Concordia;UnitedHealthcare;Unum;Wellcare'.split(
    ';',
  )

const KINDS: readonly (readonly [string, Capability])[] = [
  ['login', 'provider_portal'],
  ['eligibility', 'eligibility'],
  ['api', 'portal_api'],
  ['claim_status', 'claim_status'],
  ['fhir', 'patient_access_api'],
  ['directory', 'provider_directory_api'],
]

/** The time that long ago. */
export const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
const MINUTE = 60_000

/** A payer's id from its name. */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '')
}

/** 33 payers with 150 endpoints, all of which work. */
export function calmWorld(): World {
  const endpoints: State[] = []
  for (const [i, name] of NAMES.entries()) {
    for (const [k, [type, capability]] of KINDS.entries()) {
      if (k > 1 && (i * 7 + k * 3) % 3 === 0) continue
      const at = `${slug(name)}/${type}`
      endpoints.push(
        working(at, name, { type, capability, latency: 130 + ((i * 61 + k * 97) % 700) }),
      )
    }
    if (i % 5 === 0) {
      const at = `${slug(name)}/login-b41f02`
      endpoints.push(
        working(at, name, { type: 'login', capability: 'provider_portal', latency: 233 }),
      )
    }
    if (i % 11 === 3)
      endpoints.push(working(`${slug(name)}/base`, name, { type: 'base', latency: 190 }))
  }
  const payers = NAMES.map((name, i) =>
    payer(slug(name), {
      name,
      aliases: [`${slug(name)}-alias`],
      identifiers: i % 6 === 5 ? [] : [{ scheme: 'x12_payer_id', value: String(60_054 + i * 113) }],
    }),
  )
  const spare = endpoints.filter(({ type }) => type === 'directory').slice(150 - endpoints.length)
  return {
    payers,
    endpoints: endpoints.filter((one) => !spare.includes(one)),
    incidents: [],
    maintenance: [],
  }
}

type Kind = { type: string; capability?: Capability; latency: number }

function working(endpoint: string, payerName: string, { type, capability, latency }: Kind): State {
  return state(endpoint, {
    payerName,
    type,
    capability: capability ?? null,
    since: ago(50 * 60 * MINUTE),
    result: result(latency, { at: ago(MINUTE) }),
  })
}

/** A thousand payers with ten endpoints each. */
export function hugeWorld(payers = 1_000, each = 10): World {
  const world: World = { payers: [], endpoints: [], incidents: [], maintenance: [] }
  for (let i = 0; i < payers; i++) {
    const name = `Payer ${String(i).padStart(4, '0')}`
    world.payers.push(
      payer(slug(name), {
        name,
        identifiers: [{ scheme: 'x12_payer_id', value: `${10_000 + i}` }],
      }),
    )
    for (let k = 0; k < each; k++) {
      const [type, capability] = KINDS[k % KINDS.length] ?? KINDS[0]!
      world.endpoints.push(
        working(`${slug(name)}/${type}-${k}`, name, { type, capability, latency: 200 + k }),
      )
    }
  }
  return world
}

/** The same world before its first round. */
export function newWorld(): World {
  const world = calmWorld()
  for (const one of world.endpoints.slice(41)) {
    Object.assign(one, {
      status: 'unknown',
      result: null,
      evidence: null,
      verdict: null,
      attribution: null,
    })
  }
  return rolledUp(world)
}

/** The same world, seen from where nothing answers. */
export function offlineWorld(): World {
  const world = calmWorld()
  const reason = {
    kind: 'vantage_offline',
    codes: [],
    message: 'nothing answers from here',
  } as const
  for (const one of world.endpoints)
    Object.assign(one, { status: 'unknown', attribution: 'path', reason })
  return rolledUp(world)
}

/** The first payers of a world: as it is, and quick to examine. */
export function firstPayers(world: World, count: number): World {
  const payers = world.payers.slice(0, count)
  const ids = new Set(payers.map(({ payer: id }) => id))
  return { ...world, payers, endpoints: world.endpoints.filter(({ payer: id }) => ids.has(id)) }
}
