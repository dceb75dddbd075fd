/** Time, of the same shape as the monitor's clock, so that one fake can move both. */
export interface Clock {
  /** Wall-clock time, epoch ms. */
  now(): number
  /** Monotonic time, ms. */
  monotonic(): number
  /** Calls `run` once after `ms`; the returned function cancels it. */
  after(ms: number, run: () => void): () => void
}

/** The system's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** Resolves after `ms`, or at once when `gone` aborts. */
export function pause(clock: Clock, ms: number, gone: AbortSignal): Promise<void> {
  if (gone.aborted || ms <= 0) return Promise.resolve()
  return new Promise((resolve) => {
    const cancel = clock.after(ms, finish)
    function finish(): void {
      cancel()
      gone.removeEventListener('abort', finish)
      resolve()
    }
    gone.addEventListener('abort', finish)
  })
}
