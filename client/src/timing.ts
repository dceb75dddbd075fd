/** Time and chance, as the client needs them; tests pass their own. */
export type Timing = {
  /** Wall-clock time, epoch ms. */
  now(): number
  /** Calls `run` once after `ms`; the returned function cancels it. */
  after(ms: number, run: () => void): () => void
  /** A number in [0, 1). */
  random(): number
}

/** The runtime's own time and chance. */
export const systemTiming: Timing = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
}

/** Resolves after `ms`, or at once when `signal` aborts. */
export function sleep(timing: Timing, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = timing.after(ms, done)
    signal.addEventListener('abort', done)
  })
}
