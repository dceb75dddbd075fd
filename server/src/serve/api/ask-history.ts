import { storeProblem } from '../problem.ts'
import type { HttpDeps } from './deps.ts'
import { within } from './within.ts'

/** Longest wait for the store, ms. */
const MAX_WAIT_MS = 10_000

/** Most questions that a store is asked at once: those that nobody waits for any more stand before what it must write. */
const MAX_ASKED = 64
const asked = new WeakMap<HttpDeps['history'], number>()

/** What history answers. @throws {ProblemError} 503 when that takes too long, or too much is asked already */
export async function fromHistory<T>(
  { clock, history }: Pick<HttpDeps, 'clock' | 'history'>,
  ask: (history: HttpDeps['history']) => Promise<T>,
): Promise<T> {
  const before = asked.get(history) ?? 0
  if (before >= MAX_ASKED) throw storeProblem()
  asked.set(history, before + 1)
  const answer = ask(history).finally(() => asked.set(history, (asked.get(history) ?? 1) - 1))
  return within(clock, answer, { ms: MAX_WAIT_MS, late: storeProblem })
}
