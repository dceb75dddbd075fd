import { createHash } from 'node:crypto'
import type { Random } from './clock.ts'

/** Crockford's base 32: no I, L, O, U. Source: github.com/ulid/spec. */
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID: 48 bits of time, 80 of chance, sortable as text. */
export function ulid(now: number, random: Random): string {
  let time = ''
  for (let i = 0, rest = now; i < 10; i++, rest = Math.floor(rest / 32))
    time = BASE32[rest % 32] + time
  let chance = ''
  for (let i = 0; i < 16; i++) chance += BASE32[Math.floor(random() * 32)]
  return time + chance
}

/** A name as part of an id: lower case, letters and digits, words joined by a hyphen; never empty. */
export function slug(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const words = plain
    .replace(/&/g, ' and ')
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
  return words.replace(/^-+|-+$/g, '') || `x-${shortHash(name)}`
}

/** Six hex digits of a SHA-256: tells things apart inside one payer, hides what it was made from. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6)
}

/** `length` characters, at most 32, that are always the same for the same text: of SHA-256, in Crockford's base 32. */
export function hashedId(text: string, length: number): string {
  const digest = createHash('sha256').update(text).digest()
  return Array.from(digest.subarray(0, length), (byte) => BASE32[byte % 32]).join('')
}

/** A ULID that is always the same for the same time and text. */
export function hashedUlid(at: number, text: string): string {
  return ulid(at, () => 0).slice(0, 10) + hashedId(text, 16)
}

/** A 32-bit hash, evenly spread, the same in every process: FNV-1a with Murmur3's finalizer. */
export function spreadHash(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Longest name that is compared: what is longer is no slip of the hand. */
const LONGEST_COMPARED = 64
/** Most letters by which a near name differs. */
export const MOST_SLIPS = 3

/** The names in `known` closest to `name`, nearest first: at most three, none further than a third of its length or three letters. */
export function nearMatches(name: string, known: Iterable<string>): string[] {
  const wanted = name.toLowerCase()
  if (wanted.length > LONGEST_COMPARED) return []
  const limit = Math.min(MOST_SLIPS, Math.max(2, Math.floor(wanted.length / 3)))
  const near = new Map<string, number>()
  for (const candidate of known) {
    const distance = distanceWithin(limit, wanted, candidate.toLowerCase())
    if (distance !== undefined) near.set(candidate, distance)
  }
  const nearest = [...near].sort(([, a], [, b]) => a - b).slice(0, 3)
  return nearest.map(([candidate]) => candidate)
}

/** Two rows of the table of distances, kept because names are compared by the thousand. */
let above = new Uint8Array(LONGEST_COMPARED + MOST_SLIPS + 2)
let row = new Uint8Array(above.length)

/** Levenshtein distance where it is within the limit; a prefix counts as near. */
function distanceWithin(limit: number, a: string, b: string): number | undefined {
  if (a.length > 2 && b.startsWith(a)) return 1
  if (Math.abs(a.length - b.length) > limit) return undefined
  for (let j = 0; j <= limit + 1; j++) above[j] = j
  for (let i = 1; i <= a.length; i++) {
    if (fillRow(i, limit, [a, b]) > limit) return undefined
    ;[above, row] = [row, above]
  }
  const distance = above[b.length] ?? 0
  return distance <= limit ? distance : undefined
}

/**
 * The distances of the first `i` letters of `a` to the beginnings of `b`, as far as they can be within the limit;
 * returns the least.
 */
function fillRow(i: number, limit: number, [a, b]: readonly [string, string]): number {
  const from = Math.max(1, i - limit)
  const to = Math.min(b.length, i + limit)
  let left = from === 1 ? i : limit + 1
  let least = left
  row[from - 1] = left
  for (let j = from; j <= to; j++) {
    const substitution = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
    left = Math.min((above[j] ?? 0) + 1, left + 1, substitution)
    row[j] = left
    if (left < least) least = left
  }
  row[to + 1] = limit + 1
  return least
}
