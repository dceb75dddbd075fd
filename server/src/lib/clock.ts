/** Time. Production: the system's; tests: a clock that is moved by hand. */
export interface Clock {
  /** Wall-clock time, epoch ms. For timestamps only. */
  now(): number
  /** Monotonic time, ms. For latencies and deadlines. */
  monotonic(): number
  /** Calls `run` once after `ms`; 0 for when what waits in the event loop has had its turn. The returned function cancels it. */
  after(ms: number, run: () => void): () => void
}

/** A number in [0, 1), like `Math.random`. */
export type Random = () => number

/** Longest delay Node's timers accept; anything longer would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    if (ms <= 0) {
      const turn = setImmediate(run)
      return () => clearImmediate(turn)
    }
    const timer = setTimeout(run, Math.min(ms, MAX_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

/** A signal that aborts with a `TimeoutError` after `ms` on `clock`, or as soon as `parent` does. Dispose to free the timer. */
export function deadline(
  clock: Clock,
  ms: number,
  parent: AbortSignal,
): Disposable & { signal: AbortSignal } {
  const controller = new AbortController()
  const cancel = clock.after(ms, () =>
    controller.abort(new DOMException(`no answer in ${ms} ms`, 'TimeoutError')),
  )
  const follow = () => controller.abort(parent.reason)
  if (parent.aborted) follow()
  else parent.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      cancel()
      parent.removeEventListener('abort', follow)
    },
  }
}

/** Calls `run` every `ms` until the returned function is called. */
export function every(clock: Clock, ms: number, run: () => void): () => void {
  let cancel = clock.after(ms, tick)
  function tick(): void {
    cancel = clock.after(ms, tick)
    run()
  }
  return () => cancel()
}
