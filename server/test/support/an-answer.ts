import type { Judged } from '../../src/probe/judged.ts'

/** What a test says of an answer. */
export type AnswerParts = Partial<Omit<Judged, 'body'>> & { body?: string }

/** An answer of status 200 and nothing else; any part may be replaced. */
export function judged({ body = '', ...parts }: AnswerParts = {}): Judged {
  return {
    status: 200,
    headers: {},
    body: Buffer.from(body),
    truncated: false,
    encoded: false,
    tls: null,
    at: Date.UTC(2026, 0, 1),
    latencyMs: 100,
    phases: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, transferMs: null },
    ...parts,
  }
}
