import { storeProblem } from '../problem.ts'
import type { HttpDeps } from './deps.ts'
import { within } from './within.ts'

/** Longest wait for the store, ms. */
const MAX_WAIT_MS = 10_000

/** What history answers. @throws {ProblemError} 503 when that takes too long */
export function fromHistory<T>(
  { clock, history }: Pick<HttpDeps, 'clock' | 'history'>,
  ask: (history: HttpDeps['history']) => Promise<T>,
): Promise<T> {
  return within(clock, ask(history), { ms: MAX_WAIT_MS, late: storeProblem })
}
