import type { State } from '@payer-status/client'

/** One column of the table. */
export type Column = { readonly key: string; readonly label: string }

type Capability = NonNullable<State['capability']>

/** What people call each capability, in the order of a payer's day. */
const LABELS: Readonly<Record<Capability, string>> = {
  eligibility: 'Eligibility',
  claim_status: 'Claim status',
  prior_auth: 'Prior auth',
  claims_submission: 'Claims',
  remittance: 'Remittance',
  attachments: 'Attachments',
  acknowledgements: 'Acknowledgements',
  provider_portal: 'Portal',
  portal_api: 'Portal API',
  patient_access_api: 'Patient access',
  provider_directory_api: 'Directory',
  provider_access_api: 'Provider access',
  payer_to_payer_api: 'Payer to payer',
  prior_auth_api: 'Prior auth API',
  coverage_requirements: 'Coverage rules',
  documentation_templates: 'Templates',
  formulary_api: 'Formulary',
  bulk_data: 'Bulk data',
  document_extraction: 'Documents',
  reference_page: 'Reference page',
  identity: 'Sign-in',
  file_transfer: 'File transfer',
}

const ORDER = new Map(Object.keys(LABELS).map((capability, index) => [capability, index]))

/** The column of an endpoint: its capability; its type, as written, where it has none. */
export function columnKey({ capability, type }: Pick<State, 'capability' | 'type'>): string {
  return capability ?? `type ${type}`
}

/** What the column is called. */
export function columnLabel(key: string): string {
  return LABELS[key as Capability] ?? key.replace(/^type /, '')
}

/** The columns of these keys: capabilities in their order, then types by name. */
export function columnsOf(keys: Iterable<string>): Column[] {
  return [...new Set(keys)]
    .sort((a, b) => orderOf(a) - orderOf(b) || a.localeCompare(b))
    .map((key) => ({ key, label: columnLabel(key) }))
}

function orderOf(key: string): number {
  return ORDER.get(key) ?? ORDER.size
}
