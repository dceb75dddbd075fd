import assert from 'node:assert/strict'
import test from 'node:test'
import { Capability } from '@payer-status/protocol'
import { capabilityOf } from './capability.ts'

const KNOWN: [string, string][] = [
  ['login', 'provider_portal'],
  ['base', 'provider_portal'],
  ['claims', 'claims_submission'],
  ['claims_address', 'reference_page'],
  ['contact_us', 'reference_page'],
  ['login_error', 'provider_portal'],
  ['eligibility', 'eligibility'],
  ['patient_search', 'eligibility'],
  ['api', 'portal_api'],
  ['pdf_extraction', 'document_extraction'],
  ['Patient Search', 'eligibility'],
  ['CLAIM-STATUS', 'claim_status'],
  ['270/271', 'eligibility'],
  ['278', 'prior_auth'],
  ['patient_access', 'patient_access_api'],
  ['provider_directory', 'provider_directory_api'],
  ['CRD', 'coverage_requirements'],
]

for (const [type, capability] of KNOWN)
  test(`the type ${type} means ${capability}`, () => {
    assert.equal(capabilityOf(type), capability)
  })

test('every capability is known by its own name', () => {
  for (const name of Capability.options) assert.equal(capabilityOf(name), name)
})

for (const type of ['', 'anything', '__proto__', 'constructor', 'toString'])
  test(`the type ${JSON.stringify(type)} has no capability`, () => {
    assert.equal(capabilityOf(type), null)
  })
