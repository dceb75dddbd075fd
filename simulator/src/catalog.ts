/**
 * Who is simulated: fictitious payers, and what each of them offers. Pure: the same seed gives the same payers.
 */
import { generator, pick, type Random, shuffled } from './random.ts'

/** What kind of server stands behind an endpoint. */
export type FamilyName = 'portal' | 'jsonApi' | 'fhir' | 'x12'

/** An endpoint before it has an address. */
export type EndpointPlan = {
  /** `payer-slug/name-slug`: the id that the monitor gives it too, and the path it is served under. */
  id: string
  payer: string
  payerName: string
  payerId: string
  type: string
  name: string
  family: FamilyName
  /** `direct`, or the platform that it hangs on together with other payers. */
  via: string
}

/** A payer before its endpoints have addresses. */
export type PayerPlan = {
  payer: string
  name: string
  aliases: readonly string[]
  identifiers: readonly { scheme: string; value: string }[]
  timeZone: string
  endpoints: readonly EndpointPlan[]
}

/** The platform whose outage hits several payers at once. */
export const PLATFORM = 'meridian-exchange'

type Line = 'commercial' | 'dental' | 'medicaid' | 'medicare' | 'vision'

const NAMES: readonly (readonly [name: string, line: Line])[] = [
  ['Lakeshore Health Plan', 'commercial'],
  ['Granite State Dental', 'dental'],
  ['Prairie Medicaid', 'medicaid'],
  ['Harborview Medicare Advantage', 'medicare'],
  ['Cedar Hollow Health', 'commercial'],
  ['Juniper Ridge Mutual', 'commercial'],
  ['Saltmarsh Community Care', 'medicaid'],
  ['Copper Basin Health Plan', 'commercial'],
  ['Foxglove Dental', 'dental'],
  ['Northfork Medicaid', 'medicaid'],
  ['Tidewater Bend Advantage', 'medicare'],
  ['Willowmere Insurance', 'commercial'],
  ['Larkspur Family Health', 'commercial'],
  ['Ironwood Benefit Trust', 'commercial'],
  ['Bluestem Medicaid', 'medicaid'],
  ['Quarry Hill Dental', 'dental'],
  ['Mapleton Medicare Advantage', 'medicare'],
  ['Silver Birch Health Plan', 'commercial'],
  ['Windrow Mutual Health', 'commercial'],
  ['Alder Creek Vision', 'vision'],
  ['Stonebridge Vale Health', 'commercial'],
  ['Heron Point Medicaid', 'medicaid'],
  ['Clearbrook Dental Trust', 'dental'],
  ['Ember Valley Health Plan', 'commercial'],
  ['Meadowlark Family Plan', 'medicaid'],
  ['Redwater Health Cooperative', 'commercial'],
  ['Pinecrest Hollow Advantage', 'medicare'],
  ['Goldenrod Medicaid', 'medicaid'],
  ['Kestrel Lane Health', 'commercial'],
  ['Marigold Vision Care', 'vision'],
  ['Fernwood County Medicaid', 'medicaid'],
  ['Slate Harbor Health', 'commercial'],
  ['Thistledown Dental', 'dental'],
  ['Osprey Bay Advantage', 'medicare'],
  ['Wheatfield Mutual Health', 'commercial'],
  ['Yarrow Health Plan', 'commercial'],
]

/** What every payer of a line offers, and what it may offer besides. */
const OFFERS: Record<Line, { always: readonly string[]; perhaps: readonly string[] }> = {
  commercial: {
    always: ['login', 'eligibility', 'claim_status'],
    perhaps: ['prior_auth', 'api', 'provider_directory', 'patient_access', 'claims_address'],
  },
  dental: {
    always: ['login', 'eligibility', 'claims_address'],
    perhaps: ['claim_status', 'api', 'pdf_extraction'],
  },
  medicaid: {
    always: ['login', 'eligibility', 'provider_directory'],
    perhaps: ['claim_status', 'prior_auth', 'patient_access', 'claims_address'],
  },
  medicare: {
    always: ['login', 'eligibility', 'patient_access'],
    perhaps: ['claim_status', 'prior_auth', 'provider_directory', 'pdf_extraction'],
  },
  vision: { always: ['login', 'eligibility', 'api'], perhaps: ['claims_address', 'claim_status'] },
}

const FAMILY_OF: Record<string, FamilyName> = {
  login: 'portal',
  claims_address: 'portal',
  eligibility: 'x12',
  claim_status: 'x12',
  provider_directory: 'fhir',
  patient_access: 'fhir',
}

const TIME_ZONES = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
] as const

/** `count` payers; with more than there are names, a name comes again with a number. */
export function planPayers(seed: number, count: number): PayerPlan[] {
  const order = shuffled(generator(seed, 'payers'), NAMES)
  return Array.from({ length: count }, (_, index) => {
    const [name, line] =
      order[index % order.length] ?? (['Lakeshore Health Plan', 'commercial'] as const)
    const round = Math.floor(index / order.length)
    const suffix = round === 0 ? '' : ` ${round + 1}`
    return planPayer({ seed, index, line, name: name + suffix, alias: firstWord(name) + suffix })
  })
}

type Draft = { seed: number; index: number; line: Line; name: string; alias: string }

function planPayer({ seed, index, line, name, alias }: Draft): PayerPlan {
  const random = generator(seed, 'payer', name)
  const payer = slug(name)
  const payerId = `SIM${String(index + 1).padStart(4, '0')}`
  const platform = index % 6 === 0
  const endpoints = typesOf(random, line).map((type): EndpointPlan => {
    const family = FAMILY_OF[type] ?? 'jsonApi'
    const via = platform && family === 'x12' ? PLATFORM : 'direct'
    return {
      id: `${payer}/${slug(type)}`,
      payer,
      payerName: name,
      payerId,
      type,
      name: type,
      family,
      via,
    }
  })
  return {
    payer,
    name,
    aliases: [slug(alias)],
    identifiers: [{ scheme: 'x12_payer_id', value: payerId }],
    timeZone: pick(random, TIME_ZONES),
    endpoints,
  }
}

/** Three to six types. */
function typesOf(random: Random, line: Line): string[] {
  const { always, perhaps } = OFFERS[line]
  const more = Math.floor(random() * Math.min(4, perhaps.length + 1))
  return [...always, ...shuffled(random, perhaps).slice(0, more)]
}

function firstWord(name: string): string {
  return name.slice(0, name.indexOf(' '))
}

function slug(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
}
