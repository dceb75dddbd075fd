import type { Clock } from '../ports.ts'

/** A signal that ends the monitor. */
export type EndSignal = 'SIGTERM' | 'SIGINT'

/** A second signal counts as one of its own only after this long: terminals and parents often send one twice. */
const TWICE_MS = 1_000

type SignalSource = {
  on(signal: EndSignal, listener: () => void): unknown
  off(signal: EndSignal, listener: () => void): unknown
}

/** Waits for the first signal to end. A second one, more than a second later, calls `again`. */
export function firstSignal(
  source: SignalSource,
  { clock, again }: { clock: Clock; again: (signal: EndSignal) => void },
): { signal: Promise<EndSignal> } & Disposable {
  const { promise, resolve } = Promise.withResolvers<EndSignal>()
  let firstAt: number | undefined
  const onSignal = (signal: EndSignal) => {
    if (firstAt === undefined) {
      firstAt = clock.monotonic()
      resolve(signal)
    } else if (clock.monotonic() - firstAt > TWICE_MS) again(signal)
  }
  const onTerm = () => onSignal('SIGTERM')
  const onInt = () => onSignal('SIGINT')
  source.on('SIGTERM', onTerm)
  source.on('SIGINT', onInt)
  return {
    signal: promise,
    [Symbol.dispose]() {
      source.off('SIGTERM', onTerm)
      source.off('SIGINT', onInt)
    },
  }
}
