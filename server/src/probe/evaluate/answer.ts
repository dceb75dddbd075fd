import type { Attribution, EvidenceLevel } from '@payer-status/protocol'
import type { Endpoint } from '../../config/config.ts'
import type { Observation } from '../../ports.ts'
import { expectsBody, type UnmetExpectation, unmetExpectation } from '../expect.ts'
import type { Aspect, Judged } from '../judged.ts'
import { type Answered, MISMATCH, statusMeaning } from './http-status.ts'
import { type Meaning, networkMeaning } from './network.ts'

/** What an answer, or its absence, means. */
export type Finding = Pick<
  Observation,
  'verdict' | 'attribution' | 'codes' | 'evidence' | 'failure'
>

/** An answer with what its meaning depends on. */
export type FullAnswer = Judged & Answered

/** Says what a whole answer means. */
export function judgeAnswer(endpoint: Endpoint, answer: FullAnswer): Finding {
  const unmet = unmetExpectation(endpoint.expect, answer)
  if (unmet !== undefined) return unmetFinding(endpoint, answer, unmet)
  const evidence = expectsBody(endpoint.expect) ? 'L2' : 'L1'
  const status = `HTTP:${answer.status}`
  const { degradeOver = Number.POSITIVE_INFINITY } = endpoint
  if (answer.latencyMs <= degradeOver)
    return { verdict: 'up', attribution: 'none', codes: [status], evidence, failure: null }
  const attribution = ownerOf('target', endpoint)
  return { verdict: 'degraded', attribution, codes: [status, 'slow'], evidence, failure: null }
}

/** How deep one had to look to find an expectation unmet, and what that is called. */
const ASPECTS: Readonly<Record<Aspect, { evidence: EvidenceLevel; code: string }>> = {
  status: { evidence: 'L1', code: 'expect.status' },
  content_type: { evidence: 'L1', code: 'expect.content_type' },
  header: { evidence: 'L1', code: 'expect.headers' },
  encoding: { evidence: 'L1', code: 'http.encoding' },
  size: { evidence: 'L2', code: 'body.too_large' },
  body: { evidence: 'L2', code: 'expect.body' },
  json: { evidence: 'L2', code: 'expect.json' },
  xml: { evidence: 'L2', code: 'expect.xml' },
  certificate: { evidence: 'L1', code: 'expect.certificate_days' },
  latency: { evidence: 'L1', code: 'expect.latency' },
}

function unmetFinding(endpoint: Endpoint, answer: FullAnswer, unmet: UnmetExpectation): Finding {
  const { of, message, degrades } = unmet
  const { evidence, code } = ASPECTS[of]
  const { kind, attribution, verdict } = unmetMeaning(unmet, answer)
  const isPlain = of === 'status' && !degrades // which the status says itself
  return {
    verdict,
    attribution: ownerOf(attribution, endpoint),
    codes: [`HTTP:${answer.status}`, ...(isPlain ? [] : [code])],
    evidence,
    failure: { kind, message },
  }
}

function unmetMeaning({ of, degrades }: UnmetExpectation, answer: FullAnswer): Meaning {
  const meaning = of === 'status' ? statusMeaning(answer.status, answer) : aspectMeaning(of)
  if (!degrades) return meaning
  const kind = of === 'status' ? MISMATCH.kind : meaning.kind
  return { kind, verdict: 'degraded', attribution: 'target' }
}

/** The right thing, but not as it should be. */
const TOO_POOR: Meaning = { kind: 'expectation', verdict: 'down', attribution: 'target' }

function aspectMeaning(of: Aspect): Meaning {
  if (of === 'encoding') return networkMeaning('http.protocol')
  if (of === 'certificate') return { ...TOO_POOR, kind: 'tls_cert' }
  return of === 'latency' ? TOO_POOR : MISMATCH
}

/** Who `target` is: on a direct route the payer itself, on any other whoever stands between. */
export function ownerOf(attribution: Attribution, { via }: Pick<Endpoint, 'via'>): Attribution {
  if (attribution !== 'target') return attribution
  return via === 'direct' ? 'payer' : 'intermediary'
}
