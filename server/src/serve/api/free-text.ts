import { type Found, identifiersIn, wordsOf } from '../../lib/identifiers.ts'
import { ProblemError } from '../problem.ts'

/** Refuses a text that may tell of a person. @throws {ProblemError} 422 that says what and where, and quotes nothing */
export function demandHarmless(text: string, now: number): void {
  const found = identifiersIn(text, now)
  if (found.length === 0) return
  throw new ProblemError(
    'private_text',
    'the text holds what looks like an identifier of a person; write it without',
    { issues: found.map(issueOf) },
  )
}

function issueOf({ rule, from, to }: Found): string {
  const place = from === to ? `character ${from}` : `characters ${from} to ${to}`
  return `body text: ${place} look like ${wordsOf(rule)} (${rule})`
}
