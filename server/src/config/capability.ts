/** What a type means in the field's words. */
import { Capability } from '@payer-status/protocol'

/** Types that are called otherwise than the capability they stand for: the original service's, X12's, FHIR's. */
const BY_TYPE: Readonly<Record<string, Capability>> = {
  login: 'provider_portal',
  login_error: 'provider_portal',
  base: 'provider_portal',
  portal: 'provider_portal',
  api: 'portal_api',
  graphql: 'portal_api',
  patient_search: 'eligibility',
  claims: 'claims_submission',
  claims_address: 'reference_page',
  contact_us: 'reference_page',
  pdf_extraction: 'document_extraction',

  '270': 'eligibility',
  '271': 'eligibility',
  '270_271': 'eligibility',
  benefits: 'eligibility',
  '276': 'claim_status',
  '277': 'claim_status',
  '276_277': 'claim_status',
  '278': 'prior_auth',
  prior_authorization: 'prior_auth',
  '837': 'claims_submission',
  '835': 'remittance',
  era: 'remittance',
  '275': 'attachments',
  '999': 'acknowledgements',
  '277ca': 'acknowledgements',
  ta1: 'acknowledgements',

  patient_access: 'patient_access_api',
  provider_directory: 'provider_directory_api',
  provider_access: 'provider_access_api',
  payer_to_payer: 'payer_to_payer_api',
  pas: 'prior_auth_api',
  crd: 'coverage_requirements',
  dtr: 'documentation_templates',
  formulary: 'formulary_api',
  bulk: 'bulk_data',
  oauth: 'identity',
  jwks: 'identity',
  sftp: 'file_transfer',
  as2: 'file_transfer',
}

const OWN_NAMES: ReadonlySet<string> = new Set(Capability.options)

/** The capability of a type as written; null for a type the field has no name for. */
export function capabilityOf(type: string): Capability | null {
  const name = type
    .trim()
    .toLowerCase()
    .replaceAll(/[\s/-]+/g, '_')
  if (Object.hasOwn(BY_TYPE, name)) return BY_TYPE[name] ?? null
  return OWN_NAMES.has(name) ? (name as Capability) : null // safe: it is one of the options
}
