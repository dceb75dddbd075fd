/** A number in [0, 1), like `Math.random`, but the same each time for the same seed. */
export type Random = () => number

/** A generator of its own for each list of parts. Source of the mix: Murmur3's finalizer over a Weyl sequence. */
export function generator(...parts: readonly (string | number)[]): Random {
  let state = hashOf(parts.join('\u0000'))
  return () => {
    state = (state + 0x9e3779b9) | 0
    return mix(state) / 2 ** 32
  }
}

/** FNV-1a, evenly spread by the finalizer. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return mix(hash)
}

function mix(value: number): number {
  const first = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return (second ^ (second >>> 16)) >>> 0
}

/** A number from `low` up to, but not including, `high`. */
export function between(random: Random, [low, high]: readonly [low: number, high: number]): number {
  return low + random() * (high - low)
}

/** One of `items`, which has at least one. */
export function pick<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[Math.floor(random() * items.length)] ?? items[0]
}

/** A copy in another order: Fisher-Yates. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const rest = [...items]
  const result: T[] = []
  while (rest.length > 0) result.push(...rest.splice(Math.floor(random() * rest.length), 1))
  return result
}

/** A lognormal number: most are near `median`, a few far above. Box-Muller. */
export function lognormal(random: Random, median: number, sigma: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()))
}
