/** Real-time X12 gateways: a 270 or 276 posted as it is gets its 271 or 277; what is no such thing a 999 or TA1. */
import { type Answer, type Ask, type Family, html } from './answer.ts'
import type { EndpointPlan } from './catalog.ts'
import type { AaaCode } from './fault.ts'
import {
  type Envelope,
  readX12,
  stamp,
  writeTa1,
  writeX12,
  type X12Request,
} from './x12-message.ts'

/** The only trading partner there is. */
const PARTNER = 'PSIOPROBE'
const ELIGIBILITY = '005010X279A1'
const CLAIM_STATUS = '005010X212'
const ACKNOWLEDGEMENT = '005010X231A1'

/** A real-time X12 gateway. */
export const x12: Family = {
  watch: (endpoint) => ({
    path: '',
    method: 'POST',
    headers: { 'Content-Type': 'application/edi-x12' },
    body: endpoint.type === 'claim_status' ? inquiry276(endpoint) : inquiry270(endpoint),
    expect: { status: 200, body: endpoint.type === 'claim_status' ? 'STC*D0' : 'EB*1' },
  }),
  healthy(endpoint, ask) {
    if (ask.path !== '') return x12.failing(endpoint, 404)
    if (ask.method === 'GET' || ask.method === 'HEAD') return description(endpoint)
    if (ask.method !== 'POST') return x12.failing(endpoint, 405)
    return answerTo(endpoint, ask, 'active')
  },
  failing: ({ payerName }, status) =>
    html(status, payerName, `<h1>Gateway error</h1>\n<p>Status ${status}</p>`),
  unavailable: (endpoint, ask, code) => answerTo(endpoint, ask, code),
  rejected: (endpoint, ask) => answerTo(endpoint, ask, 'rejected'),
}

type Outcome = 'active' | 'rejected' | AaaCode

function answerTo(endpoint: EndpointPlan, ask: Ask, outcome: Outcome): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/edi-x12' },
    body: interchangeFor(endpoint, ask, outcome),
  }
}

/** TA1 notes: 009 unknown receiver, 022 invalid control structure. Source: X12 element I18. */
function interchangeFor(endpoint: EndpointPlan, ask: Ask, outcome: Outcome): string {
  const parties = { sender: endpoint.payerId, receiver: PARTNER, at: ask.at }
  const envelope: Envelope = { ...parties, functional: 'FA', version: ACKNOWLEDGEMENT }
  const request = readX12(ask.body)
  if (request === undefined) return writeTa1(envelope, '000000000', '022')
  if (request.receiver !== endpoint.payerId) return writeTa1(envelope, request.interchange, '009')
  if (outcome === 'rejected') return acknowledgement(envelope, request, 'R')
  if (request.set === '270') return eligibility(endpoint, envelope, outcome)
  if (request.set === '276') return claimStatus(endpoint, envelope, outcome)
  return acknowledgement(envelope, request, request.set === '837' ? 'A' : 'R')
}

function acknowledgement(envelope: Envelope, request: X12Request, answer: 'A' | 'R'): string {
  const { functional, group, version, set, transaction } = request
  return writeX12(envelope, '999', [
    `AK1*${functional}*${group}*${version}`,
    `AK2*${set}*${transaction}*${version}`,
    answer === 'A' ? 'IK5*A' : 'IK5*R*5',
    `AK9*${answer}*1*1*${answer === 'A' ? 1 : 0}`,
  ])
}

function eligibility(
  endpoint: EndpointPlan,
  envelope: Envelope,
  outcome: 'active' | AaaCode,
): string {
  const { date, time } = stamp(envelope.at)
  const head = [`BHT*0022*11*PSIO*${date}*${time}`]
  const levels = outcome === 'active' ? COVERAGE : LEVELS_OF[outcome]
  return writeX12({ ...envelope, functional: 'HB', version: ELIGIBILITY }, '271', [
    ...head,
    `HL*1**20*${levels.length > 1 ? 1 : 0}`,
    source(endpoint),
    ...levels,
  ])
}

/** A claim status of D0 means that there is no such claim, E1 that the payer cannot answer. Source: X12 code list 507. */
function claimStatus(
  endpoint: EndpointPlan,
  envelope: Envelope,
  outcome: 'active' | AaaCode,
): string {
  const { date, time } = stamp(envelope.at)
  const category = outcome === 'active' || outcome === '75' ? 'D0:35' : 'E1:0'
  const body = [
    `BHT*0010*08*PSIO*${date}*${time}*DG`,
    'HL*1**20*1',
    source(endpoint),
    'HL*2*1*21*1',
    'NM1*41*2*PAYER STATUS IO*****46*PSIOPROBE',
    'HL*3*2*19*1',
    CLINIC,
    'HL*4*3*22*0',
    MEMBER,
    'TRN*2*PSIO',
    `STC*${category}*${date}`,
  ]
  return writeX12({ ...envelope, functional: 'HN', version: CLAIM_STATUS }, '277', body)
}

const CLINIC = 'NM1*1P*2*PAYER STATUS IO TEST CLINIC*****XX*1234567893'
const MEMBER = 'NM1*IL*1*TESTERSON*PROBE****MI*PSIOTEST0001'
const SUBSCRIBER = ['HL*2*1*21*1', CLINIC, 'HL*3*2*22*0', MEMBER]
const COVERAGE = [...SUBSCRIBER, 'EB*1**30**EXAMPLE PPO', 'EB*C*IND*30***23*0']

/** What follows the payer's own level: an AAA stands at the level that said no. Source: X12 005010X279A1. */
const LEVELS_OF: Record<AaaCode, readonly string[]> = {
  '41': ['AAA*N**41*N'],
  '42': ['AAA*Y**42*R'],
  '51': ['HL*2*1*21*0', CLINIC, 'AAA*Y**51*C'],
  '75': [...SUBSCRIBER, 'AAA*Y**75*C'],
  '79': ['AAA*N**79*C'],
  '80': ['AAA*Y**80*N'],
}

function source({ payerName, payerId }: EndpointPlan): string {
  return `NM1*PR*2*${payerName.toUpperCase()}*****PI*${payerId}`
}

function inquiry270(endpoint: EndpointPlan): string {
  const head = ['BHT*0022*13*PSIO*20260115*0830', 'HL*1**20*1', source(endpoint)]
  const question = ['DMG*D8*19000101', 'DTP*291*D8*20260115', 'EQ*30']
  const envelope = inquiryEnvelope(endpoint, 'HS', ELIGIBILITY)
  return writeX12(envelope, '270', [...head, ...SUBSCRIBER, ...question])
}

function inquiry276(endpoint: EndpointPlan): string {
  const head = ['BHT*0010*13*PSIO*20260115*0830', 'HL*1**20*1', source(endpoint)]
  const submitter = [
    'HL*2*1*21*1',
    'NM1*41*2*PAYER STATUS IO*****46*PSIOPROBE',
    'HL*3*2*19*1',
    CLINIC,
  ]
  const claim = ['HL*4*3*22*0', 'DMG*D8*19000101', MEMBER, 'TRN*1*PSIO', 'DTP*472*D8*20260102']
  const envelope = inquiryEnvelope(endpoint, 'HR', CLAIM_STATUS)
  return writeX12(envelope, '276', [...head, ...submitter, ...claim])
}

function inquiryEnvelope({ payerId }: EndpointPlan, functional: string, version: string): Envelope {
  const at = Date.UTC(2026, 0, 15, 8, 30)
  return { sender: PARTNER, receiver: payerId, functional, version, at }
}

/** What a browser sees: the shape of a service description. */
function description({ payerId, type }: EndpointPlan): Answer {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" name="${payerId}-${type}">`,
    '  <wsdl:portType name="RealTime">',
    '    <wsdl:operation name="RealTimeTransaction"/>',
    '  </wsdl:portType>',
    '</wsdl:definitions>',
    '',
  ]
  return {
    status: 200,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: lines.join('\n'),
  }
}
