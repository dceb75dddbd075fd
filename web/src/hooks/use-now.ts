import { useEffect, useState } from 'preact/hooks'

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function listen(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const tell of listeners) tell()
  }, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** What `tell` says of the present moment, asked again each second; draws only when the answer changes. */
export function useNow<T extends string | number>(tell: (now: number) => T): T {
  const [, draw] = useState<T>()
  useEffect(() => listen(() => draw(tell(Date.now()))), [tell])
  return tell(Date.now())
}
