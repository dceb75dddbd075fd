import type { Clock } from '../../ports.ts'
import type { ProblemError } from '../problem.ts'

/** The value of `promise`, or a problem when it takes longer than `ms`. */
export async function within<T>(
  clock: Clock,
  promise: Promise<T>,
  { ms, late }: { ms: number; late: () => ProblemError },
): Promise<T> {
  const over = Promise.withResolvers<never>()
  const cancel = clock.after(ms, () => over.reject(late()))
  try {
    return await Promise.race([promise, over.promise])
  } finally {
    cancel()
  }
}
