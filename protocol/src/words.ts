/**
 * The closed vocabularies of the field: what an endpoint can be, what an answer can mean.
 * Sources: the project's domain reference, CAQH CORE, X12, HL7 FHIR; see docs/protocol.md.
 */
import * as z from 'zod'

/** What is true of one endpoint now. */
export const Status = z.enum(['operational', 'degraded', 'down', 'maintenance', 'unknown'])
export type Status = z.infer<typeof Status>

/** What is true of a payer or of one of its types; only a roll-up can be partly out. */
export const RollupStatus = z.enum([...Status.options, 'partial_outage'])
export type RollupStatus = z.infer<typeof RollupStatus>

/** What one answer means. */
export const Verdict = z.enum([
  'up',
  'application_reject_expected',
  'edge_up',
  'degraded',
  'down',
  'content_mismatch',
  'maintenance',
  'probe_misconfigured',
  'unknown',
])
export type Verdict = z.infer<typeof Verdict>

/** Whose doing an answer is. */
export const Attribution = z.enum([
  'payer',
  'intermediary',
  'target',
  'payer_behind_gateway',
  'path',
  'probe',
  'trading_partner',
  'none',
  'unknown',
])
export type Attribution = z.infer<typeof Attribution>

/** How deep the deepest proof goes: path, edge, contract, application, passive traffic, feed. */
export const EvidenceLevel = z.enum(['L0', 'L1', 'L2', 'L3', 'LP', 'LF'])
export type EvidenceLevel = z.infer<typeof EvidenceLevel>

/** Why a probe did not see what it should. The list is closed. */
export const FailureKind = z.enum([
  'dns',
  'connect',
  'tls_cert',
  'tls_protocol',
  'tls_client_cert',
  'timeout',
  'http_5xx',
  'http_4xx',
  'redirect',
  'auth',
  'blocked',
  'rate_limited',
  'content_mismatch',
  'contract_drift',
  'application_unavailable',
  'application_reject',
  'request_rejected',
  'routing',
  'transport_truncated',
  'protocol',
  'probe_internal',
  'unrecognised',
  'maintenance_overrun',
  'expectation',
  'address_refused',
])
export type FailureKind = z.infer<typeof FailureKind>

/**
 * Why a status is what it is: a failure, or a circumstance that no single probe shows.
 * `maintenance`: the far side said so. `vantage_offline`: nothing answers from here.
 * `not_witnessed`: the path failed and no other host answered either. `never_reached`: an unreviewed address that
 * has not answered yet. `unconfirmed`: too few conclusive results. `stale`: the last conclusive one is too old.
 * `slow`: slower than configured, or than its type may be. `not_probeable`: the configuration gives no address.
 * `paused`: a person said not to probe it. `announced`: of incidents only, a person says so. `intermittent`: the status
 * changes all the time.
 */
export const ReasonKind = z.enum([
  ...FailureKind.options,
  'maintenance',
  'vantage_offline',
  'not_witnessed',
  'never_reached',
  'unconfirmed',
  'stale',
  'slow',
  'not_probeable',
  'paused',
  'announced',
  'intermittent',
])
export type ReasonKind = z.infer<typeof ReasonKind>

/** What a client should do with its work for this endpoint. */
export const Advice = z.strictObject({
  action: z.enum(['proceed', 'retry_after', 'hold', 'reroute', 'fix_request']),
  retryAfterMs: z.int().nonnegative().optional(),
})
export type Advice = z.infer<typeof Advice>

/** What a user needs from a payer, in the field's words. */
export const Capability = z.enum([
  'eligibility',
  'claim_status',
  'prior_auth',
  'claims_submission',
  'remittance',
  'attachments',
  'acknowledgements',
  'provider_portal',
  'portal_api',
  'patient_access_api',
  'provider_directory_api',
  'provider_access_api',
  'payer_to_payer_api',
  'prior_auth_api',
  'coverage_requirements',
  'documentation_templates',
  'formulary_api',
  'bulk_data',
  'document_extraction',
  'reference_page',
  'identity',
  'file_transfer',
])
export type Capability = z.infer<typeof Capability>
