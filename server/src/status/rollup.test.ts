import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Capability, Status } from '@payer-status/protocol'
import { isHalfOut, rollUp } from './rollup.ts'

const aetna = { payer: 'aetna', name: 'Aetna', aliases: [], identifiers: [] }

type Row = [type: string, capability: Capability | null, status: Status, via?: string]

function statusOf(...rows: Row[]) {
  const states = rows.map(([type, capability, status, via = 'direct']) => ({
    type,
    capability,
    status,
    via,
  }))
  return rollUp(aetna, states)
}

test('a payer is as well as the worst of its types', () => {
  const { status, types } = statusOf(
    ['eligibility', 'eligibility', 'operational'],
    ['login', 'provider_portal', 'degraded'],
  )

  assert.equal(status, 'degraded')
  assert.deepEqual(types, { eligibility: 'operational', login: 'degraded' })
})

test('one core type down is a partial outage, all of them is down', () => {
  const login: Row = ['login', 'provider_portal', 'down']

  assert.equal(
    statusOf(login, ['eligibility', 'eligibility', 'operational']).status,
    'partial_outage',
  )
  assert.equal(statusOf(login, ['eligibility', 'eligibility', 'down']).status, 'down')
})

test('one route of two down is a partial outage of the type', () => {
  const { status, types } = statusOf(
    ['eligibility', 'eligibility', 'down', 'clearinghouse-a'],
    ['eligibility', 'eligibility', 'operational'],
  )

  assert.equal(types.eligibility, 'partial_outage')
  assert.equal(status, 'partial_outage')
})

test('a FHIR interface that is down is a partial outage of a payer whose core works', () => {
  const rows: Row[] = [
    ['patient_access', 'patient_access_api', 'down'],
    ['login', 'provider_portal', 'operational'],
  ]

  assert.equal(statusOf(...rows).status, 'partial_outage')
})

test('a payer with FHIR interfaces only is judged by them', () => {
  assert.equal(statusOf(['patient_access', 'patient_access_api', 'down']).status, 'down')
})

test('unknown never outranks what is known', () => {
  const rows: Row[] = [
    ['login', 'provider_portal', 'unknown'],
    ['eligibility', 'eligibility', 'operational'],
  ]

  assert.equal(statusOf(...rows).status, 'operational')
  assert.equal(statusOf(['login', 'provider_portal', 'unknown']).status, 'unknown')
})

test('maintenance outranks degraded but not down', () => {
  const maintenance: Row = ['login', 'provider_portal', 'maintenance']

  assert.equal(
    statusOf(maintenance, ['eligibility', 'eligibility', 'degraded']).status,
    'maintenance',
  )
  assert.equal(
    statusOf(maintenance, ['eligibility', 'eligibility', 'down']).status,
    'partial_outage',
  )
})

test('a payer without endpoints is unknown', () => {
  assert.equal(statusOf().status, 'unknown')
})

test('what saw the application itself outranks what saw its edge, as long as anything is known of it', () => {
  const check = (status: Status, deepest: 'L2' | 'L3' | 'LP') => ({
    type: 'eligibility',
    capability: 'eligibility' as const,
    status,
    via: 'direct',
    memory: { deepest },
  })
  const typeOf = (...checks: ReturnType<typeof check>[]) => rollUp(aetna, checks).types.eligibility

  assert.equal(typeOf(check('down', 'L2'), check('operational', 'L3')), 'operational')
  assert.equal(typeOf(check('operational', 'L2'), check('down', 'LP')), 'down')
  assert.equal(typeOf(check('down', 'L2'), check('unknown', 'L3')), 'down')
})

test('half of the core is out from two capabilities on, each with all of its routes', () => {
  const row = (capability: Capability, status: Status, via = 'direct') => ({
    type: capability,
    capability,
    status,
    via,
  })
  const [one, two] = [row('eligibility', 'down'), row('claim_status', 'down')]
  const [third, fourth] = [row('prior_auth', 'operational'), row('provider_portal', 'degraded')]

  assert.equal(isHalfOut([one]), false)
  assert.equal(isHalfOut([one, two, third, fourth]), true)
  assert.equal(isHalfOut([one, two, third, fourth, row('claims_submission', 'unknown')]), false)
  assert.equal(isHalfOut([one, two, row('claim_status', 'operational', 'hub')]), false)
  assert.equal(isHalfOut([one, row('patient_access_api', 'down')]), false)
})
