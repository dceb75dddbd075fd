import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Ask } from './answer.ts'
import { type EndpointPlan, planPayers } from './catalog.ts'
import { AAA_CODES } from './fault.ts'
import { x12 } from './x12.ts'
import { readX12 } from './x12-message.ts'

const plans = planPayers(1, 36).flatMap(({ endpoints }) => endpoints)
const eligibility = plans.find(({ type }) => type === 'eligibility') as EndpointPlan
const claimStatus = plans.find(({ type }) => type === 'claim_status') as EndpointPlan

function post(body: string | undefined): Ask {
  const at = Date.UTC(2026, 0, 15, 8, 30)
  return { method: 'POST', path: '', query: '', body: body ?? '', at }
}

const inquiry = (endpoint: EndpointPlan) => x12.watch(endpoint).body ?? ''

/** Segments of an answer, each as its elements. */
function segments(body: string | Uint8Array): string[][] {
  return String(body)
    .split('~\n')
    .map((segment) => segment.split('*'))
}

test('a 270 gets a 271 with active coverage, a 276 gets a 277', () => {
  const covered = x12.healthy(eligibility, post(inquiry(eligibility))).body
  const found = x12.healthy(claimStatus, post(inquiry(claimStatus))).body

  assert.match(String(covered), /ST\*271\*0001\*005010X279A1~[\s\S]*EB\*1\*\*30/)
  assert.match(String(found), /ST\*277\*0001\*005010X212~[\s\S]*STC\*D0:35\*20260115~/)
})

test('every interchange counts its segments and repeats its control numbers', () => {
  const bodies = [
    inquiry(eligibility),
    inquiry(claimStatus),
    x12.healthy(eligibility, post(inquiry(eligibility))).body,
    x12.healthy(claimStatus, post(inquiry(claimStatus))).body,
    x12.rejected(eligibility, post(inquiry(eligibility))).body,
    ...AAA_CODES.map((code) => x12.unavailable(eligibility, post(inquiry(eligibility)), code).body),
  ]

  for (const body of bodies) {
    const parts = segments(body)
    const from = parts.findIndex(([tag]) => tag === 'ST')
    const until = parts.findIndex(([tag]) => tag === 'SE')
    assert.equal(parts[0]?.join('*').length, 105)
    assert.equal(Number(parts[until]?.[1]), until - from + 1)
    assert.equal(parts[from]?.[2], parts[until]?.[2])
    assert.equal(parts[0]?.[13], parts.find(([tag]) => tag === 'IEA')?.[2])
  }
})

test('each AAA code stands in a 271, and hierarchy levels say truly whether they have children', () => {
  for (const code of AAA_CODES) {
    const parts = segments(x12.unavailable(eligibility, post(inquiry(eligibility)), code).body)

    const levels = parts.filter(([tag]) => tag === 'HL')
    assert.equal(parts.find(([tag]) => tag === 'AAA')?.[3], code)
    for (const [, id, , , hasChild] of levels) {
      const children = levels.filter(([, , parent]) => parent === id)
      assert.equal(hasChild === '1', children.length > 0)
    }
  }
})

test('a claim status system that cannot answer says E1', () => {
  const { body } = x12.unavailable(claimStatus, post(inquiry(claimStatus)), '42')

  assert.match(String(body), /STC\*E1:0\*/)
})

test('a request that is rejected gets a 999 that names its group and transaction', () => {
  const { body } = x12.rejected(eligibility, post(inquiry(eligibility)))

  assert.match(String(body), /AK1\*HS\*1\*005010X279A1~\nAK2\*270\*0001\*005010X279A1~\nIK5\*R/)
})

test('a claim is acknowledged with a 999 that accepts it', () => {
  const claim = inquiry(eligibility).replace('ST*270', 'ST*837')

  const { body } = x12.healthy(eligibility, post(claim))

  assert.match(String(body), /IK5\*A~\nAK9\*A\*1\*1\*1~/)
})

test('an interchange for somebody else gets a TA1 with note 009', () => {
  const stray = inquiry(eligibility).replace(eligibility.payerId, 'SIM9999')

  const { body } = x12.healthy(eligibility, post(stray))

  assert.match(String(body), /TA1\*000000001\*260115\*0830\*R\*009~/)
})

test('what is no interchange gets a TA1 with note 022, and nothing of it comes back', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 3, maxLength: 300 }), fc.boolean(), (noise, disguised) => {
      const sent = disguised ? `ISA${noise}CANARY` : `${noise}CANARY`

      const { status, body } = x12.healthy(eligibility, post(sent))

      assert.equal(status, 200)
      assert.match(String(body), /TA1\*000000000\*260115\*0830\*R\*022~/)
      assert.ok(!String(body).includes('CANARY'))
    }),
  )
})

test('hostile control numbers are replaced, not repeated', () => {
  const hostile = inquiry(eligibility)
    .replace('ST*270*0001', 'ST*270*<b>CANARY</b>')
    .replace('*1*X*005010X279A1', '*CANARY*X*../CANARY')

  const { body } = x12.rejected(eligibility, post(hostile))

  assert.ok(!String(body).includes('CANARY'))
  assert.match(String(body), /AK2\*270\*0001\*~/)
})

test('an interchange with other delimiters is read as well', () => {
  const other = inquiry(eligibility).replaceAll('*', '|').replaceAll('~\n', "'")

  assert.equal(readX12(other)?.set, '270')
})

test('a GET gets a service description, another method is refused', () => {
  const get = x12.healthy(eligibility, { ...post(''), method: 'GET' })

  assert.match(String(get.body), /<wsdl:definitions/)
  assert.equal(x12.healthy(eligibility, { ...post(''), method: 'PUT' }).status, 405)
})
