import { setTimeout } from 'node:timers/promises'

/** Does something so many times a second, evenly, without waiting for one before the next. @returns how often it was done */
export async function paced(
  { perSecond, seconds }: { perSecond: number; seconds: number },
  act: (index: number) => Promise<unknown>,
): Promise<number> {
  const began = performance.now()
  const count = Math.round(perSecond * seconds)
  const running: Promise<unknown>[] = []
  for (let index = 0; index < count; index++) {
    const wait = began + (index / perSecond) * 1_000 - performance.now()
    if (wait > 0) await setTimeout(wait)
    running.push(act(index))
  }
  await Promise.all(running)
  return count
}
