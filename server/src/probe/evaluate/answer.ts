import type { Attribution, EvidenceLevel } from '@payer-status/protocol'
import type { Endpoint } from '../../config/config.ts'
import type { Observation } from '../../ports.ts'
import { expectsBody, type Judged, type Unmet, unmetExpectation } from '../expect.ts'
import { type Answered, MISMATCH, statusMeaning } from './http-status.ts'
import { type Meaning, networkMeaning } from './network.ts'

/** What an answer, or its absence, means. */
export type Finding = Pick<
  Observation,
  'verdict' | 'attribution' | 'codes' | 'evidence' | 'failure'
>

/** An answer with what its meaning depends on. */
export type FullAnswer = Judged & Answered & { latencyMs: number }

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

/** How deep one had to look to find an expectation unmet. */
const EVIDENCE: Readonly<Record<Unmet['of'], EvidenceLevel>> = {
  status: 'L1',
  encoding: 'L1',
  size: 'L2',
  body: 'L2',
  json: 'L2',
}

const MISMATCH_CODES = {
  size: 'body.too_large',
  body: 'expect.body',
  json: 'expect.json',
} as const satisfies Partial<Record<Unmet['of'], string>>

function unmetFinding(endpoint: Endpoint, answer: FullAnswer, { of, message }: Unmet): Finding {
  const { code, meaning } = unmetMeaning(of, answer)
  return {
    verdict: meaning.verdict,
    attribution: ownerOf(meaning.attribution, endpoint),
    codes: [`HTTP:${answer.status}`, ...code],
    evidence: EVIDENCE[of],
    failure: { kind: meaning.kind, message },
  }
}

function unmetMeaning(of: Unmet['of'], answer: FullAnswer): { code: string[]; meaning: Meaning } {
  if (of === 'status') return { code: [], meaning: statusMeaning(answer.status, answer) }
  if (of === 'encoding')
    return { code: ['http.encoding'], meaning: networkMeaning('http.protocol') }
  return { code: [MISMATCH_CODES[of]], meaning: MISMATCH }
}

/** Who `target` is: on a direct route the payer itself, on any other whoever stands between. */
export function ownerOf(attribution: Attribution, { via }: Pick<Endpoint, 'via'>): Attribution {
  if (attribution !== 'target') return attribution
  return via === 'direct' ? 'payer' : 'intermediary'
}
