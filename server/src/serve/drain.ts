import type { Clock, Random } from '../ports.ts'

const STEP_MS = 50

/** How things are closed one by one. */
export type Closing<T> = {
  clock: Clock
  random: Random
  withinMs: number
  close: (item: T) => void
}

/** Closes each item at a random moment within the time, so that not all come back at once. Returns how to stop. */
export function closeAtRandom<T>(items: readonly T[], how: Closing<T>): () => void {
  const { clock, random, withinMs, close } = how
  const started = clock.monotonic()
  const left = items.map((item) => ({ item, at: random() * withinMs })).sort((a, b) => b.at - a.at)
  let cancel = clock.after(0, step)
  function step(): void {
    const elapsed = clock.monotonic() - started
    while ((left.at(-1)?.at ?? Number.POSITIVE_INFINITY) <= elapsed) {
      const next = left.pop()
      if (next) close(next.item)
    }
    if (left.length > 0) cancel = clock.after(STEP_MS, step)
  }
  return () => cancel()
}
