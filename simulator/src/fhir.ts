/** FHIR R4 servers: metadata, SMART configuration, a provider directory to search, and a door for patients. */
import { type Answer, type Ask, type Family, json } from './answer.ts'
import type { EndpointPlan } from './catalog.ts'

const DIRECTORY = [
  'InsurancePlan',
  'PractitionerRole',
  'Practitioner',
  'Organization',
  'Location',
  'HealthcareService',
  'OrganizationAffiliation',
  'Endpoint',
]
const PATIENT = ['Patient', 'Coverage', 'ExplanationOfBenefit']

/** A FHIR R4 server. */
export const fhir: Family = {
  watch: () => ({
    path: '/metadata',
    method: 'GET',
    headers: { Accept: 'application/fhir+json' },
    expect: { status: 200, json: { '$.resourceType': 'CapabilityStatement' } },
  }),
  healthy(endpoint, ask) {
    if (ask.method !== 'GET' && ask.method !== 'HEAD') return fhir.failing(endpoint, 405)
    if (ask.path === '/metadata') return fhirJson(200, capabilities(endpoint))
    if (ask.path === '/.well-known/smart-configuration') return json(200, smartConfiguration())
    return resource(endpoint, ask)
  },
  failing: (_, status) => fhirJson(status, outcome(ISSUE_OF[status] ?? 'exception')),
  unavailable: () => fhirJson(200, outcome('transient')),
  rejected: (endpoint) => fhir.failing(endpoint, 400),
}

/** Issue types by status. Source: HL7 FHIR R4, value set issue-type. */
const ISSUE_OF: Record<number, string> = {
  400: 'invalid',
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  405: 'not-supported',
  429: 'throttled',
  503: 'transient',
}

function fhirJson(status: number, value: object): Answer {
  return json(status, value, 'application/fhir+json; charset=utf-8')
}

function outcome(code: string): object {
  return { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] }
}

function typesOf({ type }: EndpointPlan): readonly string[] {
  return type === 'provider_directory' ? DIRECTORY : PATIENT
}

/** A search of the directory finds one fictitious entry; what belongs to patients asks for a login. */
function resource(endpoint: EndpointPlan, ask: Ask): Answer {
  const type = typesOf(endpoint).find((known) => ask.path === `/${known}`)
  if (type === undefined) return fhir.failing(endpoint, 404)
  if (endpoint.type !== 'provider_directory') return fhir.failing(endpoint, 401)
  const entry = { resourceType: type, id: 'simulated', name: 'Example Clinic (fictitious)' }
  return fhirJson(200, {
    resourceType: 'Bundle',
    type: 'searchset',
    total: 1,
    entry: [{ resource: entry, search: { mode: 'match' } }],
  })
}

function capabilities(endpoint: EndpointPlan): object {
  const interaction = [{ code: 'read' }, { code: 'search-type' }]
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-01-01',
    publisher: `${endpoint.payerName} (fictitious)`,
    kind: 'instance',
    software: { name: 'Simulated FHIR Server', version: '1.0.0' },
    implementation: { description: endpoint.type },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [{ mode: 'server', resource: typesOf(endpoint).map((type) => ({ type, interaction })) }],
  }
}

function smartConfiguration(): object {
  const issuer = 'https://auth.payer.example'
  return {
    issuer,
    jwks_uri: `${issuer}/jwks.json`,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    grant_types_supported: ['authorization_code'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'fhirUser', 'patient/*.rs'],
    code_challenge_methods_supported: ['S256'],
    capabilities: ['launch-standalone', 'client-public', 'permission-patient'],
  }
}
